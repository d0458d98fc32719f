using System.Collections.Concurrent;
using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;
using Cascade.Planning.Selection;

namespace Cascade.Planning.Fitting;

/// <summary>
/// The whole way from recorded outcomes to a plan: score models and strategies are fitted on the first part of the rows; operating points, mixes and
/// the strategy that <c>auto</c> serves are chosen on the second; and all of it is measured on the third, which nothing else looks at. The protocol
/// is docs/evaluation-method.md.
/// </summary>
/// <remarks>Deterministic: the same outcomes, split, strategies and options give the same result at any <see cref="PipelineOptions.Parallelism"/>.</remarks>
public static class FitPipeline
{
    /// <summary>Runs the pipeline.</summary>
    /// <param name="table">The outcomes.</param>
    /// <param name="split">Their three parts, for example by <see cref="OutcomeSplit.Of"/>.</param>
    /// <param name="strategies">The strategies, no name twice; <see cref="DirectModels"/> is added when it is not among them.</param>
    /// <param name="options">Limits, seed and budgets.</param>
    /// <param name="progress">Told how far it is, from several threads; may be null.</param>
    /// <param name="cancellationToken">Cancels between candidates of a strategy.</param>
    /// <returns>The fit. A strategy that does not suit the outcomes or that throws is reported as such and stops no other.</returns>
    /// <exception cref="ArgumentException">A part has no complete row, a name occurs twice, or an option is out of its range; all at once per argument.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FitRun Run(
        OutcomeTable table,
        OutcomeSplit split,
        IReadOnlyList<ICascadeStrategy> strategies,
        PipelineOptions options,
        IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        var all = WithDirectModels(strategies);
        if (options.Problems(table.ModelCount).ToList() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(options));
        }

        var outcomes = SplitOutcomes.Of(options.ServedFactsOnly ? table.WithServedFacts() : table, split);
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(new FitProgress(FitStage.Scores, null, 0, 1));
        var scores = ScoreModelFitter.FitAll(outcomes.Fit, options.Scores);
        var context = ContextOf(outcomes.Fit, scores, options.Fit);
        var budgets = BudgetGrid.Of(outcomes, options);
        var parts = RowParts.Divide(outcomes.Choose, options.ChoiceParts, options.Fit.Seed);
        var fittings = Each(
            all, FitStage.Strategies, s => s.Name, s => StrategyFitting.Of(s, context, outcomes, parts, cancellationToken), options, progress, cancellationToken);
        progress?.Report(new FitProgress(FitStage.Choice, null, 0, 1));
        var auto = AutoSelector.Choose(
            fittings, parts, options.TargetBudgetUsd is { } target ? [target] : budgets, options);
        var prices = BudgetGrid.Prices(fittings, budgets);
        var report = new ReportBuilder(outcomes, budgets, prices, options);
        return new FitRun
        {
            Outcomes = outcomes,
            Context = context,
            Scores = scores,
            ScoreQualities = [.. scores.Select((s, m) => s.Score is null ? null : ScoreQuality.Of(outcomes.Report, m, s.Score))],
            BudgetsUsd = budgets,
            QualityPerUsd = prices,
            Strategies = Each(
                [.. fittings.Select(f => f.Run)], FitStage.Report, r => r.Strategy, r => Report(report, r, context.Models, cancellationToken), options, progress,
                cancellationToken),
            Auto = auto,
            References = report.References(),
            Options = options,
        };
    }

    /// <summary>What strategies are fitted on, from rows that are complete and models in order, as <see cref="SplitOutcomes"/> makes them.</summary>
    /// <param name="fit">The rows to fit on.</param>
    /// <param name="scores">The score models, one per model.</param>
    /// <param name="options">The limits.</param>
    /// <returns>The context.</returns>
    public static FitContext ContextOf(OutcomeTable fit, ImmutableArray<ScoreModelFit> scores, FitOptions options)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ImmutableArray<ScoreModel?> models = [.. scores.Select(s => s.Score)];
        return new FitContext
        {
            Outcomes = fit,
            ScoreModels = models,
            Scores = ScoreMatrix.Of(fit, models),
            Options = options,
            Models =
            [
                .. Enumerable.Range(0, fit.ModelCount).Select(m => new ModelProfile
                {
                    Name = fit.Models[m],
                    Quality = RecordedMean.Of(fit.Quality(m)),
                    CostUsd = RecordedMean.Of(fit.CostUsd(m)),
                }),
            ],
        };
    }

    private static ImmutableArray<ICascadeStrategy> WithDirectModels(IReadOnlyList<ICascadeStrategy> strategies)
    {
        ArgumentNullException.ThrowIfNull(strategies);
        if (strategies.GroupBy(s => s.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1 || g.Key == AutoChoice.StrategyName) is { } twice)
        {
            throw new ArgumentException($"'{twice.Key}' names {twice.Count()} strategies or all of them; give each its own name", nameof(strategies));
        }

        return strategies.Any(s => s.Name == DirectModels.StrategyName) ? [.. strategies] : [new DirectModels(), .. strategies];
    }

    private static StrategyRun Report(ReportBuilder report, StrategyRun run, ImmutableArray<ModelProfile> models, CancellationToken cancellationToken)
    {
        if (run.Status != StrategyStatus.Fitted)
        {
            return run;
        }

        try
        {
            return report.Report(run, models);
        }
        catch (Exception e) when (!StrategyFitting.IsCancellation(e, cancellationToken))
        {
            return StrategyFitting.Failed(run, e);
        }
    }

    private static ImmutableArray<TOut> Each<TIn, TOut>(
        ImmutableArray<TIn> items,
        FitStage stage,
        Func<TIn, string> nameOf,
        Func<TIn, TOut> action,
        PipelineOptions options,
        IProgress<FitProgress>? progress,
        CancellationToken cancellationToken)
    {
        var results = new TOut[items.Length];
        var done = 0;
        progress?.Report(new FitProgress(stage, null, 0, items.Length));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };

        // One at a time: a chunk of several would leave a worker idle while another still has the slow ones.
        var places = Partitioner.Create(Enumerable.Range(0, items.Length), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(places, parallel, i =>
        {
            results[i] = action(items[i]);
            progress?.Report(new FitProgress(stage, nameOf(items[i]), Interlocked.Increment(ref done), items.Length));
        });
        return [.. results];
    }
}
