using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Charts;
using Cascade.Cli.Outcomes;
using Cascade.Cli.Pacing;
using Cascade.Cli.Progress;
using Cascade.Planning.Pacing.Simulation;

namespace Cascade.Cli.Commands;

internal static class PaceCommand
{
    private const string DefaultEstimates = "task-mean";

    public static Command Build(CliHost host)
    {
        var outcomes = new OutcomeOptions();
        var json = CommonOptions.Json();
        var budget = NumberOptions.Budget();
        var total = NumberOptions.Optional("--total-usd", "X", "The budget of the whole window in dollars.", 0, 1e9);
        var requests = CommonOptions.Whole("--requests", "N", "Requests of a run; 0 for as many as there are queries kept apart.", 0, 0, PacingScenario.MostRequests);
        var runs = CommonOptions.Whole("--runs", "N", "Runs per pacer, each with a seed of its own.", 5, 1, 1000);
        var inFlight = CommonOptions.Whole("--in-flight", "N", "Requests that are open while later ones are decided: how late settlement is.", 0, 0, 1_000_000);
        var (arrivals, pacers, estimates) = (Arrivals(), Pacers(), Estimates());
        var folder = new Option<string?>("--out") { Description = "Writes pacing.html and its charts to this folder.", HelpName = "DIR" };
        var command = new Command(
            "pace",
            "Runs pacers over recorded outcomes under a hard budget: estimates and the starting price are learned from the queries to fit and to choose on, and the "
            + $"requests are drawn from those kept apart.\n\n{ExitCodes.Help}") { budget, total, requests, arrivals, pacers, estimates, runs, inFlight, folder, json };
        outcomes.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.ValueOrDefault(budget) is null) == (result.ValueOrDefault(total) is null))
            {
                result.AddError("give one of --budget-usd, per request, and --total-usd, for the window");
            }
            else if (result.ValueOrDefault(budget) is 0 || result.ValueOrDefault(total) is 0)
            {
                result.AddError("--budget-usd or --total-usd is 0; give a budget above 0");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new PaceRequest
            {
                BudgetUsd = parsed.GetValue(budget),
                TotalUsd = parsed.GetValue(total),
                Requests = parsed.GetValue(requests) is var n and > 0 ? n : null,
                Arrivals = Enum.Parse<ArrivalKind>(parsed.GetValue(arrivals)!, ignoreCase: true),
                Pacers = [.. (parsed.GetValue(pacers) ?? []).Distinct()],
                Estimates = parsed.GetValue(estimates)!,
                Runs = parsed.GetValue(runs),
                InFlight = parsed.GetValue(inFlight),
                Seed = parsed.GetValue(outcomes.Seed),
            };
            var study = await StudyAsync(host, outcomes.RequestOf(parsed), request, cancellationToken);
            if (parsed.GetValue(folder) is { } directory)
            {
                await FontCheck.WarnAsync(host);
                await PaceWriter.WriteReportAsync(directory, study, cancellationToken);
            }

            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(study, CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                PaceWriter.Write(host.Terminal, study);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Option<string> Arrivals()
    {
        var option = CommonOptions.Text("--arrivals", "KIND", "How requests are spread over the window: steady, bursty or diurnal.", "steady");
        option.AcceptOnlyFromAmong("steady", "bursty", "diurnal");
        return option;
    }

    private static Option<string> Estimates()
    {
        string[] names = [.. PaceInput.Trainers.Select(t => t.Name)];
        var option = CommonOptions.Text("--estimates", "NAME", $"What estimates quality and cost of a request: {string.Join(", ", names)}.", DefaultEstimates);
        option.AcceptOnlyFromAmong(names);
        return option;
    }

    private static Option<string[]> Pacers() => new("--pacer")
    {
        Description = $"Some of {string.Join(", ", PacerSet.Names)}. Default: {string.Join(",", PacerSet.Usual)}.",
        HelpName = "NAMES",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. PacerSet.Usual],
        CustomParser = result =>
        {
            string[] names = [.. result.Tokens.SelectMany(token => OutcomeOptions.Names(token.Value))];
            foreach (var unknown in names.Where(name => !PacerSet.Names.Contains(name)))
            {
                result.AddError($"--pacer is '{unknown}'; give some of {string.Join(", ", PacerSet.Names)}");
            }

            return names;
        },
    };

    private static Task<PaceStudy> StudyAsync(CliHost host, OutcomeRequest outcomes, PaceRequest request, CancellationToken cancellationToken) => WorkProgress.RunAsync(
        host,
        "pace",
        async (progress, token) =>
        {
            var loaded = (await OutcomeLoader.LoadAsync(outcomes, progress, token))[0];
            progress.Report(new WorkStep($"learning estimates on {loaded.Name}", 0, 1));
            return PaceStudy.Of(PaceInput.Of(loaded, request), request, progress, token);
        },
        cancellationToken);
}
