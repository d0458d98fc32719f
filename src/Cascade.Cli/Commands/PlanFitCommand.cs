using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Fitting;
using Cascade.Cli.Outcomes;
using Cascade.Cli.Plans;
using Cascade.Cli.Progress;
using Cascade.Planning.Fitting;

namespace Cascade.Cli.Commands;

internal static class PlanFitCommand
{
    public static Command Build(CliHost host)
    {
        var outcomes = new OutcomeOptions();
        var (strategy, budget, floor, json) = (StrategyOption.Build(), NumberOptions.Budget(), NumberOptions.Floor(), CommonOptions.Json());
        var resamples = CommonOptions.Whole("--resamples", "N", "Resamples of each confidence interval.", 1000, 100, 100_000);
        var file = new Option<string>("--out") { Description = "Where the plan is written.", HelpName = "FILE", Required = true };
        var offline = new Option<bool>("--offline-facts")
        {
            Description = "For study alone: lets estimates use task, numeric features and input tokens too. The cluster knows a request's text only, and refuses a plan that reads more.",
        };
        var command = new Command(
            "fit",
            "Fits strategies on recorded outcomes, chooses one on queries that it was not fitted on, measures it on queries that nothing else looked at, and "
            + "writes the plan. A budget steers the choice among strategies; a floor is looked up on the frontier of the strategy that is chosen "
            + $"over all budgets.\n\n{ExitCodes.Help}") { strategy, budget, floor, resamples, offline, file, json };
        outcomes.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.ValueOrDefault(budget) is not null && result.ValueOrDefault(floor) is not null)
            {
                result.AddError("--budget-usd and --floor are both given; give one of them");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new FitRequest
            {
                Strategies = [.. parsed.GetValue(strategy) ?? []],
                BudgetUsd = parsed.GetValue(budget),
                Floor = parsed.GetValue(floor),
                OfflineFacts = parsed.GetValue(offline),
                Seed = parsed.GetValue(outcomes.Seed),
                Resamples = parsed.GetValue(resamples),
            };
            var (loaded, run) = await FitAsync(host, outcomes.RequestOf(parsed), request, cancellationToken);
            var plan = PlanMaking.Of(loaded, request, run, host.Time.GetUtcNow());
            await PlanStore.WriteAsync(parsed.GetRequiredValue(file), plan, cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(FitView.Of(loaded, request, run, plan), CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                FitWriter.Write(host.Terminal, loaded, request, run, plan, parsed.GetRequiredValue(file));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Task<(LoadedOutcomes Loaded, FitRun Run)> FitAsync(
        CliHost host, OutcomeRequest outcomes, FitRequest request, CancellationToken cancellationToken) => WorkProgress.RunAsync(
        host,
        "plan fit",
        async (progress, token) =>
        {
            var loaded = (await OutcomeLoader.LoadAsync(outcomes, progress, token))[0];
            return (loaded, FitWork.Run(loaded, request, progress, token));
        },
        cancellationToken);
}
