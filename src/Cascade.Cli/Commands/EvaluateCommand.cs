using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Charts;
using Cascade.Cli.Evaluating;
using Cascade.Cli.Fitting;
using Cascade.Cli.Html;
using Cascade.Cli.Outcomes;
using Cascade.Cli.Plans;
using Cascade.Cli.Progress;
using Cascade.Datasets;
using Spectre.Console;

namespace Cascade.Cli.Commands;

internal static class EvaluateCommand
{
    public static Command Build(CliHost host)
    {
        var outcomes = new OutcomeOptions();
        var (strategy, json) = (StrategyOption.Build(), CommonOptions.Json());
        var resamples = CommonOptions.Whole("--resamples", "N", "Resamples of each confidence interval.", 1000, 100, 100_000);
        var all = new Option<bool>("--all-known") { Description = "Evaluates every published data set that has costs; those whose files are missing end it." };
        var most = new Option<int?>("--most-models")
        {
            Description = "Takes at most so many models, at least 2: those that no cheaper one outdoes on the queries to fit on. Default: all, and "
                + $"{PageModels} for --page.",
            HelpName = "N",
        };
        most.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 2)
            {
                result.AddError("--most-models is below 2; give at least 2");
            }
        });
        var folder = new Option<string?>("--out") { Description = "Writes report.html and its charts as SVG and PNG to this folder.", HelpName = "DIR" };
        var page = new Option<string?>("--page")
        {
            Description = $"Writes the documentation's page to this file and its pictures beside it; {EvaluationPage.LessonsFile} is left alone.",
            HelpName = "FILE",
        };
        var command = new Command(
            "evaluate",
            "Fits all strategies on one or several data sets and measures them side by side on queries kept apart: quality at five budgets with intervals, "
            + $"AUC, Gain, CR@90, realised cost over the budget and escalation.\n\nData sets: {DatasetNames()}.\n\n{ExitCodes.Help}") { all, most, strategy, resamples, folder, page, json };
        outcomes.AddTo(command, severalDatasets: true, result => result.GetValue(all));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var asked = outcomes.RequestOf(parsed) with { MostModels = parsed.GetValue(most) ?? (parsed.GetValue(page) is null ? null : PageModels) };
            var request = new FitRequest
            {
                Strategies = [.. parsed.GetValue(strategy) ?? []],
                OfflineFacts = true,
                Seed = asked.Seed,
                Resamples = parsed.GetValue(resamples),
            };
            var datasets = await EvaluateAsync(host, parsed.GetValue(all) ? asked with { Known = Plannable() } : asked, request, cancellationToken);
            if (parsed.GetValue(folder) is { } directory)
            {
                await FontCheck.WarnAsync(host);
                await EvaluationReport.Build(datasets, asked.Seed).WriteAsync(directory, cancellationToken);
            }

            if (parsed.GetValue(page) is { } file)
            {
                await FontCheck.WarnAsync(host);
                await EvaluationPage.WriteAsync(file, datasets, asked.Seed, cancellationToken);
            }

            await ShowAsync(host, datasets, request, parsed.GetValue(json), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static ImmutableArray<string> Plannable() => [.. KnownDatasets.All.Select(k => k.Name).Where(name => name != KnownWithoutCosts)];

    private const int PageModels = 6;

    private const string KnownWithoutCosts = "routellm/mt-bench";

    private static string DatasetNames() => string.Join(", ", KnownDatasets.All.Select(k => k.Name));

    private static Task<List<EvaluatedDataset>> EvaluateAsync(
        CliHost host, OutcomeRequest outcomes, FitRequest request, CancellationToken cancellationToken) => WorkProgress.RunAsync(
        host,
        "evaluate",
        async (progress, token) =>
        {
            var results = new List<EvaluatedDataset>();
            foreach (var loaded in await OutcomeLoader.LoadAsync(outcomes, progress, token))
            {
                results.Add(new EvaluatedDataset(loaded, FitWork.Run(loaded, request, progress, token)));
            }

            return results;
        },
        cancellationToken);

    private static async Task ShowAsync(CliHost host, List<EvaluatedDataset> datasets, FitRequest request, bool isJson, CancellationToken cancellationToken)
    {
        if (isJson)
        {
            var asked = request with { Strategies = [] };
            var views = datasets.Select(d => FitView.Of(d.Outcomes, asked, d.Run, PlanMaking.Of(d.Outcomes, asked, d.Run, host.Time.GetUtcNow())));
            await host.Output.WriteLineAsync(JsonSerializer.Serialize(views, CliJson.Options).AsMemory(), cancellationToken);
            return;
        }

        foreach (var data in datasets)
        {
            host.Terminal.MarkupLineInterpolated($"[bold]{data.Outcomes.Name}[/]: {data.Rows}");
            host.Terminal.Write(EvaluationTables.Strategies(data).ForTerminal());
            foreach (var fact in EvaluationFacts.Of(data))
            {
                host.Terminal.Write(new Padder(new Text("- " + fact)).Padding(2, 0, 0, 0));
            }
        }
    }
}
