using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Plans;

namespace Cascade.Cli.Commands;

internal static class PlanDiffCommand
{
    public static Command Build(CliHost host)
    {
        var before = new Argument<string>("before") { Description = "The plan to compare with.", HelpName = "FILE" };
        var after = new Argument<string>("after") { Description = "The plan to compare.", HelpName = "FILE" };
        var json = CommonOptions.Json();
        var command = new Command(
            "diff",
            "Says what two plans decide differently: strategy, models, scores, thresholds and prices, and what that changes in planned quality and cost. "
            + $"Ends with 0 when they decide alike and with 1 when they do not.\n\n{ExitCodes.Help}") { before, after, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var first = await PlanStore.ReadAsync(parsed.GetRequiredValue(before), cancellationToken);
            var second = await PlanStore.ReadAsync(parsed.GetRequiredValue(after), cancellationToken);
            var comparison = PlanComparison.Of(first, second);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(comparison, CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                PlanWriter.Write(host.Terminal, first, comparison);
            }

            return comparison.Same ? ExitCodes.Done : ExitCodes.Different;
        });
        return command;
    }
}
