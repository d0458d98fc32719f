using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cascade.Cli.Plans;
using Cascade.Planning.Plans;

namespace Cascade.Cli.Commands;

internal static class PlanShowCommand
{
    public static Command Build(CliHost host)
    {
        var file = new Argument<string>("plan") { Description = "The plan.", HelpName = "FILE" };
        var (budget, floor, json) = (NumberOptions.Budget(), NumberOptions.Floor(), CommonOptions.Json());
        var price = NumberOptions.Optional("--price", "PRICE", "A shadow price in quality per dollar.", 0, 1e100);
        var command = new Command(
            "show",
            "Shows a plan: its models, its operating points with the prices at which they are served, where the models change, and which point is served "
            + $"at a budget, a floor or a price.\n\n{ExitCodes.Help}") { file, budget, floor, price, json };
        command.Validators.Add(result =>
        {
            if (new[] { result.ValueOrDefault(budget), result.ValueOrDefault(floor), result.ValueOrDefault(price) }.Count(v => v is not null) > 1)
            {
                result.AddError("--budget-usd, --floor and --price exclude each other; give one of them");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plan = await PlanStore.ReadAsync(parsed.GetRequiredValue(file), cancellationToken);
            var served = PlanServing.At(plan, parsed.GetValue(budget), parsed.GetValue(floor), parsed.GetValue(price));
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(new { plan = JsonNode.Parse(PlanJson.Write(plan)), served }, CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                PlanWriter.Write(host.Terminal, plan, served);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
