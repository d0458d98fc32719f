using Cascade.Cli.Outcomes;
using Cascade.Cli.Progress;
using Cascade.Planning.Fitting;

namespace Cascade.Cli.Fitting;

/// <summary>Runs the fitting pipeline over a data set.</summary>
internal static class FitWork
{
    public static FitRun Run(LoadedOutcomes outcomes, FitRequest request, IProgress<WorkStep> progress, CancellationToken cancellationToken)
    {
        var options = new PipelineOptions
        {
            Fit = new FitOptions { Seed = request.Seed, MaxCandidates = Math.Max(new FitOptions().MaxCandidates, outcomes.Table.ModelCount + 2) },
            Resamples = request.Resamples,
            ServedFactsOnly = !request.OfflineFacts,
            TargetBudgetUsd = request.BudgetUsd,
        };
        return Planned(outcomes, () => FitPipeline.Run(
            outcomes.Table, outcomes.Split, StrategySet.Of(request.Strategies), options, new Relay(outcomes.Name, progress), cancellationToken));
    }

    /// <summary>The three parts of a data set, as strategies see them.</summary>
    public static SplitOutcomes Divide(LoadedOutcomes outcomes) => Planned(outcomes, () => SplitOutcomes.Of(outcomes.Table, outcomes.Split));

    private static T Planned<T>(LoadedOutcomes outcomes, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ArgumentException problem)
        {
            throw new CliException(ExitCodes.BadData, $"{outcomes.Name} cannot be planned on: {MessageOf(problem)}", problem);
        }
    }

    private static string MessageOf(ArgumentException problem)
    {
        var parameter = problem.Message.LastIndexOf(" (Parameter", StringComparison.Ordinal);
        return parameter < 0 ? problem.Message : problem.Message[..parameter];
    }

    private sealed class Relay(string name, IProgress<WorkStep> progress) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => progress.Report(new WorkStep(
            value.Stage switch
            {
                FitStage.Scores => $"scoring answers of {name}",
                FitStage.Strategies => $"fitting strategies on {name}",
                FitStage.Choice => $"choosing a strategy for {name}",
                _ => $"measuring on the rest of {name}",
            },
            value.Done,
            Math.Max(1, value.Total)));
    }
}
