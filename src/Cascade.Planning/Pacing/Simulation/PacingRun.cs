using System.Collections.Immutable;

namespace Cascade.Planning.Pacing.Simulation;

/// <summary>What came of a run.</summary>
public sealed record PacingRun
{
    /// <summary>Mean quality over all requests, 0 for those that got no answer.</summary>
    public required double MeanQuality { get; init; }

    /// <summary>What was spent, in dollars.</summary>
    public required double SpendUsd { get; init; }

    /// <summary>The cap, in dollars.</summary>
    public required double BudgetUsd { get; init; }

    /// <summary>Spend over cap; never above 1 while no call cost more than its worst case.</summary>
    public double Utilisation => SpendUsd / BudgetUsd;

    /// <summary>Requests refused because not even the cheapest action's worst case fitted.</summary>
    public required int Refused { get; init; }

    /// <summary>Requests that the rule declined, because no action was worth its price.</summary>
    public required int Declined { get; init; }

    /// <summary>Requests that got a less preferred action, because the preferred one's worst case did not fit.</summary>
    public required int Downgraded { get; init; }

    /// <summary>Calls that cost more than their worst case.</summary>
    public required int Overruns { get; init; }

    /// <summary>Answers that were cut off because less than their worst case was left; they count as worth nothing.</summary>
    public required int Truncated { get; init; }

    /// <summary>The highest that settled and reserved money came to, in dollars.</summary>
    public required double PeakCommittedUsd { get; init; }

    /// <summary>The share of requests that each action served.</summary>
    public required ImmutableArray<double> Shares { get; init; }

    /// <summary>The mean price over the requests.</summary>
    public required double MeanPrice { get; init; }

    /// <summary>The price at the end, to go on from.</summary>
    public required PacerState FinalState { get; init; }

    /// <summary>The run over time, for charts.</summary>
    public required ImmutableArray<PacingPoint> Series { get; init; }
}

/// <summary>One point of a run, taken before the decision on a request.</summary>
/// <param name="Requests">Requests that came before.</param>
/// <param name="WindowShare">How much of the window has passed, 0 to 1.</param>
/// <param name="Price">The price, in quality per dollar.</param>
/// <param name="SpentUsd">Settled spend so far, in dollars.</param>
/// <param name="MeanQuality">Mean quality of the requests so far; 0 at the first.</param>
public readonly record struct PacingPoint(int Requests, double WindowShare, double Price, double SpentUsd, double MeanQuality);
