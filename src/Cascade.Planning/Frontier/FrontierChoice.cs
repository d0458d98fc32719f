namespace Cascade.Planning.Frontier;

/// <summary>A policy of the frontier, or the mix of two neighbours that meets a limit exactly.</summary>
public readonly record struct FrontierChoice
{
    /// <summary>How the limit is met.</summary>
    public required FrontierFit Fit { get; init; }

    /// <summary>The cheaper policy of the mix.</summary>
    public required FrontierPoint Lower { get; init; }

    /// <summary>The dearer policy of the mix; the same as <see cref="Lower"/> when there is nothing to mix.</summary>
    public required FrontierPoint Upper { get; init; }

    /// <summary>γ, the share of requests that follow <see cref="Upper"/>, 0 to 1.</summary>
    public required double UpperShare { get; init; }

    /// <summary>
    /// λ in quality per dollar: what one more dollar per request buys. 0 when money has no use left, infinite when no policy is as cheap as asked
    /// (<see cref="CostFrontier.AtBudget"/>) or none cheaper exists (<see cref="CostFrontier.AtFloor"/>).
    /// </summary>
    public required double QualityPerUsd { get; init; }

    /// <summary>1/λ in dollars per quality: what one more unit of quality costs; infinite where λ is 0, 0 where λ is infinite.</summary>
    public double UsdPerQuality => 1 / QualityPerUsd;

    /// <summary>Mean cost of the mix in dollars.</summary>
    public double CostUsd => Lower.CostUsd + (UpperShare * (Upper.CostUsd - Lower.CostUsd));

    /// <summary>Mean quality of the mix.</summary>
    public double Quality => Lower.Quality + (UpperShare * (Upper.Quality - Lower.Quality));

    /// <summary>The policy of one request. The same id follows the same policy in every process and in every retry.</summary>
    /// <param name="requestId">The request's or the conversation's id.</param>
    /// <param name="scope">Names the mix, so that mixes with different names split the same ids independently.</param>
    /// <returns>The number of the policy.</returns>
    public int PolicyFor(ReadOnlySpan<char> requestId, ReadOnlySpan<char> scope = default) =>
        StableMix.Unit(requestId, scope) < UpperShare ? Upper.Policy : Lower.Policy;
}
