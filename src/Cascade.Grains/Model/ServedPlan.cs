using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Planning.Estimation;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Grains.Model;

/// <summary>A fitted plan as a route serves it. Immutable and thread-safe.</summary>
public sealed class ServedPlan
{
    private readonly IQueryEstimator? _estimator;
    private readonly double? _budgetUsd;

    /// <summary>Makes a plan ready to serve.</summary>
    /// <param name="policy">The plan.</param>
    /// <param name="budgetUsd">What a request may cost on average, in dollars; null lets the price of money decide alone.</param>
    /// <param name="sha256">SHA-256 of the plan document as it was read, in lower-case hexadecimal digits; empty when it was not read from a file.</param>
    public ServedPlan(PlanPolicy policy, double? budgetUsd, string sha256 = "")
    {
        ArgumentNullException.ThrowIfNull(policy);
        (Policy, _budgetUsd, Sha256) = (policy, budgetUsd, sha256);
        _estimator = policy.Estimator;
    }

    /// <summary>The plan.</summary>
    public PlanPolicy Policy { get; }

    /// <summary>SHA-256 of the plan document as it was read, in lower-case hexadecimal digits; empty when it was not read from a file.</summary>
    public string Sha256 { get; }

    /// <summary>The operating point that a request follows to its end: what the budget gives it, unless money is too dear for that.</summary>
    /// <param name="price">λ in quality per dollar.</param>
    /// <param name="place">The request's place within 0 to 1.</param>
    /// <returns>The point.</returns>
    public PointPolicy Pick(double price, double place)
    {
        var byPrice = Policy.AtPrice(price);
        var byBudget = _budgetUsd is { } budget ? Policy.AtBudget(budget, place) : byPrice;
        return byBudget.Point < byPrice.Point ? byBudget : byPrice;
    }

    /// <summary>The operating point that a request follows to its end, of those that can begin it: the nearest to the one that it would follow otherwise.</summary>
    /// <param name="price">λ in quality per dollar.</param>
    /// <param name="place">The request's place within 0 to 1.</param>
    /// <param name="canBegin">Whether a point would call anything that the request may call.</param>
    /// <returns>The point; the one that it would follow otherwise when none can begin it.</returns>
    public PointPolicy PickThat(double price, double place, Func<PointPolicy, bool> canBegin)
    {
        var picked = Pick(price, place);
        return canBegin(picked)
            ? picked
            : Policy.Points.OrderBy(point => Math.Abs(point.Point - picked.Point)).ThenBy(static point => point.Point).FirstOrDefault(canBegin, picked);
    }

    /// <summary>What is expected of every model before one runs.</summary>
    /// <param name="question">The request's question.</param>
    /// <returns>Quality and cost by model; empty when the plan estimates nothing.</returns>
    public (double[] Quality, double[] CostUsd) Estimate(string question)
    {
        if (_estimator is null)
        {
            return ([], []);
        }

        var (quality, cost) = (new double[Policy.Models.Count], new double[Policy.Models.Count]);
        _estimator.Estimate(new QueryFacts { Text = question, InputTokens = double.NaN }, quality, cost);
        return (quality, cost);
    }

    /// <summary>The signal of a stage's answers that only a judge can give; null when there is none.</summary>
    /// <param name="point">The point that the request follows.</param>
    /// <param name="stage">Index of the stage.</param>
    /// <returns>The signal's name.</returns>
    public static string? JudgedSignal(PointPolicy point, int stage) => point.ScoreModels[stage]?.Inputs.FirstOrDefault(IsJudged);

    /// <summary>The signal of a stage's answers that some point decides by and only a judge can give; null when there is none.</summary>
    /// <param name="stage">Index of the stage.</param>
    /// <returns>The signal's name.</returns>
    public string? JudgedSignal(int stage) =>
        Policy.Points.Where(point => point.ReadsScoreOf(stage)).Select(point => JudgedSignal(point, stage)).FirstOrDefault(signal => signal is not null);

    /// <summary>The signals of all stages that only a judge can give.</summary>
    /// <returns>Their names.</returns>
    public ImmutableArray<string> JudgedSignals() => Policy.Plan.Signals;

    /// <summary>Scores an answer as the plan was fitted to.</summary>
    /// <param name="point">The point that the request follows.</param>
    /// <param name="stage">Index of the stage.</param>
    /// <param name="verdict">The judge's score; NaN when it has no opinion.</param>
    /// <param name="usage">The tokens of the answer.</param>
    /// <returns>The score; NaN when there is nothing to go by.</returns>
    public static double Score(PointPolicy point, int stage, double verdict, TokenUsage usage)
    {
        if (point.ScoreModels[stage] is not { } model)
        {
            return double.NaN;
        }

        var signals = model.Inputs.Select(name => name switch
        {
            ScoreMatrix.InputTokens => usage.InputTokens,
            ScoreMatrix.OutputTokens => usage.OutputTokens,
            _ => verdict,
        });
        return model.Apply(signals.ToArray());
    }

    private static bool IsJudged(string signal) => signal is not (ScoreMatrix.InputTokens or ScoreMatrix.OutputTokens);
}
