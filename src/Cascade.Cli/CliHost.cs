using Spectre.Console;

namespace Cascade.Cli;

/// <summary>What the program meets of the world: a terminal, the plain output for JSON, somewhere for errors and for progress, and the clock.</summary>
internal sealed record CliHost(IAnsiConsole Terminal, TextWriter Output, TextWriter Errors, TimeProvider Time, IAnsiConsole Progress);
