using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Prices;

namespace Cascade.Cli.Commands;

internal static class PricesDiffCommand
{
    public static Command Build(CliHost host)
    {
        var before = new Argument<string>("before") { Description = "The price book to compare with.", HelpName = "FILE" };
        var after = new Argument<string>("after") { Description = "The price book to compare.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new Command(
            "diff",
            "Says what two price books charge differently, now and at every moment at which one of them changes a price. Ends with 0 when they "
            + $"charge alike and with 1 when they do not.\n\n{ExitCodes.Help}") { before, after, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var differences = PriceDifference.Of(PriceFiles.Read([parsed.GetRequiredValue(before)]), PriceFiles.Read([parsed.GetRequiredValue(after)])).ToArray();
            var text = parsed.GetValue(json)
                ? JsonSerializer.Serialize(differences, CliJson.Options)
                : string.Join('\n', differences.Select(d => $"{d.Name}\n  - {d.Before ?? "no price"}\n  + {d.After ?? "no price"}").DefaultIfEmpty("no difference"));
            await host.Output.WriteLineAsync(text.AsMemory(), cancellationToken);
            return differences.Length == 0 ? ExitCodes.Done : ExitCodes.Different;
        });
        return command;
    }
}
