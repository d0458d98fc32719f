using Cascade.Cli;
using Cascade.Cli.Commands;
using Spectre.Console;

return await CommandTree.RunAsync(args, new CliHost(AnsiConsole.Console, Console.Out, Console.Error, TimeProvider.System));
