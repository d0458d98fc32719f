using System.Text.Json.Serialization;

namespace Cascade.Planning.Estimation;

/// <summary>Expects of every query what the models delivered on average: the context-free baseline.</summary>
public sealed record MeanEstimator : Estimator
{
    /// <summary>The means.</summary>
    public required ModelMeans Means { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override int ModelCount => Means.Quality.Length;

    /// <inheritdoc />
    [JsonIgnore]
    public override QueryReads Reads => QueryReads.Nothing;

    /// <inheritdoc />
    public override IQueryEstimator Compile()
    {
        Means.Require(nameof(Means));
        return new Compiled(Means);
    }

    private sealed class Compiled(ModelMeans means) : IQueryEstimator
    {
        public void Estimate(in QueryFacts query, Span<double> quality, Span<double> costUsd) => means.Fill(quality, costUsd);
    }
}
