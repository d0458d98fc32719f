using Cascade.Cli;
using Cascade.Cli.Commands;
using Spectre.Console;

var progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
return await CommandTree.RunAsync(args, new CliHost(AnsiConsole.Console, Console.Out, Console.Error, TimeProvider.System, progress));
