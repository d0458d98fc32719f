namespace Cascade.Planning.Pacing;

/// <summary>
/// κ: by which factor calls of one model have lately cost more than estimated, because of a new price or longer answers. Multiplies ĉ in decisions.
/// <c>κ = (p + Σ c) / (p + Σ ĉ)</c> with both sums fading by 1 − 1/n per call and p the estimates' mean times a prior number of calls. Pure and
/// thread-safe.
/// </summary>
/// <remarks>A ratio of sums: a mean of ratios would count a cheap call's misjudgement as much as a dear one's.</remarks>
/// <param name="MemoryCalls">n, how many calls count, at least 1.</param>
/// <param name="PriorCalls">How many calls the estimates count for, above 0.</param>
public sealed record CostDrift(double MemoryCalls, double PriorCalls)
{
    /// <summary>Memory 100 calls, prior 20 calls.</summary>
    public static CostDrift Default { get; } = new(100, 20);

    /// <summary>Takes in a settled call.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="estimatedUsd">ĉ before correction, in dollars, 0 or more.</param>
    /// <param name="costUsd">What it cost, in dollars, 0 or more.</param>
    /// <returns>The state after.</returns>
    public CostDriftState Observe(CostDriftState state, double estimatedUsd, double costUsd)
    {
        var kept = 1 - (1 / Math.Max(1, MemoryCalls));
        return new CostDriftState((kept * state.EstimatedUsd) + estimatedUsd, (kept * state.CostUsd) + costUsd, (kept * state.Calls) + 1);
    }

    /// <summary>κ.</summary>
    /// <param name="state">What was observed.</param>
    /// <returns>The factor, above 0; 1 before the first call.</returns>
    public double Factor(CostDriftState state)
    {
        if (!(state.Calls > 0) || !(state.EstimatedUsd > 0))
        {
            return 1;
        }

        var prior = PriorCalls * state.EstimatedUsd / state.Calls;
        return (prior + state.CostUsd) / (prior + state.EstimatedUsd);
    }
}

/// <summary>What a cost drift remembers of a model.</summary>
/// <param name="EstimatedUsd">Estimates added up, older ones counting less.</param>
/// <param name="CostUsd">Costs added up, older ones counting less.</param>
/// <param name="Calls">Calls, older ones counting less.</param>
public readonly record struct CostDriftState(double EstimatedUsd, double CostUsd, double Calls);
