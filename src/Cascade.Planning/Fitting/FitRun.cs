using System.Collections.Immutable;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Scoring;
using Cascade.Planning.Selection;

namespace Cascade.Planning.Fitting;

/// <summary>A whole fit: every strategy fitted, chosen and reported on three separate parts of the outcomes.</summary>
public sealed record FitRun
{
    /// <summary>The three parts.</summary>
    public required SplitOutcomes Outcomes { get; init; }

    /// <summary>What the strategies were fitted on; its models are the plan's models.</summary>
    public required FitContext Context { get; init; }

    /// <summary>How the answers of each model are scored, and what else was tried; by model.</summary>
    public required ImmutableArray<ScoreModelFit> Scores { get; init; }

    /// <summary>How well those scores do on the rows to report on; by model, null where answers are not scored.</summary>
    public required ImmutableArray<ScoreQuality?> ScoreQualities { get; init; }

    /// <summary>The budgets that are reported, ascending, in dollars per request.</summary>
    public required ImmutableArray<double> BudgetsUsd { get; init; }

    /// <summary>
    /// λ at each budget, in quality per dollar: the shadow price on the hull of all strategies together on the rows to choose on. One price for all,
    /// so that what one spends more than another can be set off against what it delivers more.
    /// </summary>
    public required ImmutableArray<double> QualityPerUsd { get; init; }

    /// <summary>The strategies in the order they were given; <see cref="DirectModels"/> comes first when it was not among them.</summary>
    public required ImmutableArray<StrategyRun> Strategies { get; init; }

    /// <summary>Which of them <c>auto</c> chose, and by what test.</summary>
    public required AutoChoice Auto { get; init; }

    /// <summary>What there is to compare with on the rows to report on.</summary>
    public required ReferenceLines References { get; init; }

    /// <summary>The seed and limits it was made with.</summary>
    public required PipelineOptions Options { get; init; }

    /// <summary>A strategy by its name; <c>auto</c> is the one that was chosen.</summary>
    /// <param name="strategy">The name.</param>
    /// <returns>The strategy.</returns>
    /// <exception cref="ArgumentException">None has that name.</exception>
    public StrategyRun Of(string strategy)
    {
        var wanted = string.Equals(strategy, AutoChoice.StrategyName, StringComparison.Ordinal) ? Auto.Chosen : strategy;
        return Strategies.FirstOrDefault(s => string.Equals(s.Strategy, wanted, StringComparison.Ordinal))
            ?? throw new ArgumentException(
                $"there is no strategy '{strategy}'; there are {string.Join(", ", Strategies.Select(s => s.Strategy))} and {AutoChoice.StrategyName}",
                nameof(strategy));
    }

    /// <summary>Compares two fitted strategies on the rows to report on, query by query, at every budget.</summary>
    /// <param name="strategy">The one.</param>
    /// <param name="other">What it is compared with.</param>
    /// <returns>The differences by budget.</returns>
    /// <exception cref="ArgumentException">One of them is not there or was not fitted.</exception>
    public ImmutableArray<PairedDifference> Compare(string strategy, string other)
    {
        var (a, b) = (Fitted(strategy), Fitted(other));
        var bootstrap = new Bootstrap(Outcomes.Report.RowCount, Options.Resamples, Options.Fit.Seed);
        return [.. BudgetsUsd.Select((budget, i) => PairedDifference.Of(budget, QualityPerUsd[i], a.ReportRows[i], b.ReportRows[i], bootstrap, Options.Confidence))];
    }

    /// <summary>Compares two fitted strategies on the rows to report on, query by query, over all budgets alike.</summary>
    /// <param name="strategy">The one.</param>
    /// <param name="other">What it is compared with.</param>
    /// <returns>The difference of the means over budgets; its budget and price are the means over budgets.</returns>
    /// <exception cref="ArgumentException">One of them is not there or was not fitted.</exception>
    public PairedDifference CompareOverBudgets(string strategy, string other)
    {
        var (a, b) = (MixedRows.Mean(Fitted(strategy).ReportRows), MixedRows.Mean(Fitted(other).ReportRows));
        return PairedDifference.Of(
            BudgetsUsd.Average(), QualityPerUsd.Average(), a, b, new Bootstrap(Outcomes.Report.RowCount, Options.Resamples, Options.Fit.Seed), Options.Confidence);
    }

    /// <summary>
    /// Compares a fitted strategy with every other fitted one at every budget, with intervals that hold for all of these differences at once.
    /// </summary>
    /// <param name="strategy">The one.</param>
    /// <returns>The differences at equal cost.</returns>
    /// <exception cref="ArgumentException">It is not there or was not fitted.</exception>
    public SimultaneousComparison CompareWithAll(string strategy)
    {
        var one = Fitted(strategy);
        var columns = new List<(string, double, double[])>();
        foreach (var other in Strategies.Where(s => s.Status == StrategyStatus.Fitted && s.Strategy != one.Strategy))
        {
            for (var b = 0; b < BudgetsUsd.Length; b++)
            {
                columns.Add((other.Strategy, BudgetsUsd[b], [.. one.ReportRows[b].Value.Zip(other.ReportRows[b].Value, (x, y) => x - y)]));
            }
        }

        var bootstrap = new Bootstrap(Outcomes.Report.RowCount, Options.Resamples, Options.Fit.Seed);
        return SimultaneousComparison.Of(one.Strategy, columns, bootstrap, Options.Confidence);
    }

    private StrategyRun Fitted(string strategy)
    {
        var run = Of(strategy);
        return run.Status == StrategyStatus.Fitted ? run : throw new ArgumentException($"'{strategy}' was not fitted: {run.Reason}", nameof(strategy));
    }
}
