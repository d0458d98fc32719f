namespace Cascade.Planning.Pacing;

/// <summary>What a pacer remembers; must survive a restart.</summary>
/// <param name="Price">The shadow price λ, in quality per dollar, at least 0.</param>
public readonly record struct PacerState(double Price)
{
    /// <summary>Σe of <see cref="PidPacer"/>, the logarithm of the correction of <see cref="ScheduledPacer"/>; 0 for the others.</summary>
    public double Integral { get; init; }

    /// <summary>The smoothed overspend of <see cref="PidPacer"/>, as a share of the plan; 0 for the others.</summary>
    public double Gap { get; init; }

    /// <summary>The moving average of cost of <see cref="ParetoBanditPacer"/>, in dollars per request; 0 for the others.</summary>
    public double MeanCostUsd { get; init; }
}
