using System.Collections.Immutable;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>Limits of a whole fit, and what it reports.</summary>
public sealed record PipelineOptions
{
    /// <summary>Limits of each strategy, and the seed of everything that is drawn.</summary>
    public FitOptions Fit { get; init; } = new();

    /// <summary>Limits of the score models.</summary>
    public ScoreFitOptions Scores { get; init; } = new();

    /// <summary>
    /// The budgets to report, in dollars per request, each at least 0. Empty for <see cref="DefaultBudgets"/> of them between the cheapest and the
    /// dearest single model.
    /// </summary>
    public ImmutableArray<double> BudgetsUsd { get; init; } = [];

    /// <summary>
    /// The budget the plan is for, in dollars per request: the choice among strategies looks at it alone. Null looks at all
    /// <see cref="BudgetsUsd"/> alike.
    /// </summary>
    public double? TargetBudgetUsd { get; init; }

    /// <summary>How many budgets there are by default; at equal ratios strictly between the two ends.</summary>
    public int DefaultBudgets { get; init; } = 5;

    /// <summary>
    /// Whether estimators learn from the text of a query alone, as the cluster knows nothing else of a request: no task, numeric features or input
    /// tokens. A plan to be served has to be fitted so; without it, a study sees what more knowledge would be worth. See
    /// <see cref="OutcomeTable.WithServedFacts"/>.
    /// </summary>
    public bool ServedFactsOnly { get; init; }

    /// <summary>Resamples of each confidence interval, 100 to 100,000.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>The share of confidence intervals that hold the truth, within 0 to 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>
    /// The level of the test that gives up a simpler strategy for a better one, above 0 and at most one half; see docs/evaluation-method.md for
    /// why it is no smaller.
    /// </summary>
    public double GiveUpSimplerLevel { get; init; } = 1.0 / 3;

    /// <summary>
    /// Parts of the rows to choose on in the comparison of strategies, at least 2: each part values the operating points that the others chose.
    /// </summary>
    public int ChoiceParts { get; init; } = 2;

    /// <summary>Fewest rows to choose on for anything but the simplest strategy, at least 4.</summary>
    public int FewestChooseRows { get; init; } = 20;

    /// <summary>Most strategies fitted and evaluated at the same time, at least 1. The result does not depend on it.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Everything that is out of its range.</summary>
    /// <param name="models">How many models there are.</param>
    /// <returns>The problems; none when the options hold.</returns>
    internal IEnumerable<string> Problems(int models)
    {
        foreach (var problem in Fit.Problems(models))
        {
            yield return $"{nameof(Fit)}.{problem}";
        }

        if (BudgetsUsd.Any(b => b is not (>= 0 and <= ColumnCheck.LargestCost)) || TargetBudgetUsd is not (null or (>= 0 and <= ColumnCheck.LargestCost)))
        {
            yield return $"a budget is outside 0 to {ColumnCheck.LargestCost}; give dollars per request";
        }

        if (DefaultBudgets < 1)
        {
            yield return $"{nameof(DefaultBudgets)} is {DefaultBudgets}; give at least 1";
        }

        if (Resamples is < 100 or > 100_000)
        {
            yield return $"{nameof(Resamples)} is {Resamples}; give 100 to 100000";
        }

        if (Confidence is not (> 0 and < 1))
        {
            yield return $"{nameof(Confidence)} is {Confidence}; give a share between 0 and 1, for example 0.95";
        }

        if (GiveUpSimplerLevel is not (> 0 and <= 0.5))
        {
            yield return $"{nameof(GiveUpSimplerLevel)} is {GiveUpSimplerLevel}; give a level above 0 and at most 0.5";
        }

        if (ChoiceParts < 2)
        {
            yield return $"{nameof(ChoiceParts)} is {ChoiceParts}; give at least 2";
        }

        if (FewestChooseRows < 4)
        {
            yield return $"{nameof(FewestChooseRows)} is {FewestChooseRows}; give at least 4";
        }

        if (Parallelism < 1)
        {
            yield return $"{nameof(Parallelism)} is {Parallelism}; give at least 1";
        }
    }
}
