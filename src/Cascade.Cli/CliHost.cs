using Cascade.Cli.Ledgers;
using Cascade.Grains.Budgets;
using Spectre.Console;

namespace Cascade.Cli;

/// <summary>What the program meets of the world: a terminal, the plain output for JSON, somewhere for errors and for progress, and the clock.</summary>
internal sealed record CliHost(IAnsiConsole Terminal, TextWriter Output, TextWriter Errors, TimeProvider Time, IAnsiConsole Progress)
{
    /// <summary>The ledgers to read in the place of those of a storage server; for tests.</summary>
    public LedgerBooks? Ledgers { get; init; }

    /// <summary>What takes reconciliations in the place of a cluster; for tests.</summary>
    public IBudgetWriter? Budgets { get; init; }
}
