using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Draws another estimator's predictions towards the models' means, as far as they failed to hold on rows they were not trained on:
/// <c>q̂ = mean + share · (q̂_inner − mean)</c>, the same for ĉ. With all shares 0 it is context-free.
/// </summary>
public sealed record ShrunkEstimator : Estimator
{
    /// <summary>The estimator whose predictions are drawn.</summary>
    public required Estimator Inner { get; init; }

    /// <summary>What they are drawn to.</summary>
    public required ModelMeans Means { get; init; }

    /// <summary>The share of the deviation of q̂ that is kept, one per model, 0 to 1.</summary>
    public required ImmutableArray<double> QualityShares { get; init; }

    /// <summary>The share of the deviation of ĉ that is kept, one per model, 0 to 1.</summary>
    public required ImmutableArray<double> CostShares { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override int ModelCount => Means.Quality.Length;

    /// <inheritdoc />
    [JsonIgnore]
    public override QueryReads Reads => QualityShares.Any(share => share != 0) || CostShares.Any(share => share != 0) ? Inner.Reads : QueryReads.Nothing;

    /// <inheritdoc />
    public override IQueryEstimator Compile()
    {
        Means.Require(nameof(Means));
        var check = new ColumnCheck(Means.Quality.Length);
        check.Unit(QualityShares.AsSpan(), nameof(QualityShares));
        check.Unit(CostShares.AsSpan(), nameof(CostShares));
        check.Throw(nameof(ShrunkEstimator));
        var inner = Inner.Compile();
        return Inner.ModelCount == ModelCount
            ? new Compiled(inner, this)
            : throw new ArgumentException($"{nameof(Inner)} is for {Inner.ModelCount} models where {ModelCount} are needed; give one for as many");
    }

    internal void Draw(Span<double> quality, Span<double> costUsd)
    {
        for (var m = 0; m < quality.Length; m++)
        {
            quality[m] = Math.Clamp(Means.Quality[m] + (QualityShares[m] * (quality[m] - Means.Quality[m])), 0, 1);
            costUsd[m] = Math.Max(0, Means.CostUsd[m] + (CostShares[m] * (costUsd[m] - Means.CostUsd[m])));
        }
    }

    private sealed class Compiled(IQueryEstimator inner, ShrunkEstimator data) : IQueryEstimator
    {
        public void Estimate(in QueryFacts query, Span<double> quality, Span<double> costUsd)
        {
            inner.Estimate(query, quality, costUsd);
            data.Draw(quality, costUsd);
        }
    }
}
