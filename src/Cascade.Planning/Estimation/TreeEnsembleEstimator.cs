using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cascade.Planning.Features;

namespace Cascade.Planning.Estimation;

/// <summary>A sum of regression trees per model and quantity over the features of the query.</summary>
public sealed record TreeEnsembleEstimator : Estimator
{
    /// <summary>The features; the vector is laid out in full per query, so that few <see cref="FeatureSpec.Buckets"/> are meant.</summary>
    public required FeatureSpec Features { get; init; }

    /// <summary>What is expected of a query that the features say nothing of.</summary>
    public required ModelMeans Means { get; init; }

    /// <summary>The prediction of each model's quality; the result is cut to 0 to 1.</summary>
    public required ImmutableArray<TreeEnsemble> Quality { get; init; }

    /// <summary>The prediction of each model's cost in dollars; the result is at least 0.</summary>
    public required ImmutableArray<TreeEnsemble> CostUsd { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override int ModelCount => Means.Quality.Length;

    /// <inheritdoc />
    [JsonIgnore]
    public override QueryReads Reads => Features.ReadAt([.. Quality.Concat(CostUsd).SelectMany(ensemble => ensemble.Feature)]);

    /// <inheritdoc />
    public override IQueryEstimator Compile()
    {
        Means.Require(nameof(Means));
        var features = new HashedTextFeatures(Features);
        var models = Means.Quality.Length;
        if (Quality.Length != models || CostUsd.Length != models)
        {
            throw new ArgumentException($"there are {Quality.Length} and {CostUsd.Length} ensembles where {models} of each are needed; give one per model");
        }

        for (var m = 0; m < models; m++)
        {
            Quality[m].Require($"{nameof(Quality)}[{m}]", features.Dimension);
            CostUsd[m].Require($"{nameof(CostUsd)}[{m}]", features.Dimension);
        }

        return new Compiled(features, this);
    }

    private sealed class Compiled(HashedTextFeatures features, TreeEnsembleEstimator data) : IQueryEstimator
    {
        public void Estimate(in QueryFacts query, Span<double> quality, Span<double> costUsd)
        {
            var indexes = ArrayPool<int>.Shared.Rent(features.MaxEntries);
            var values = ArrayPool<double>.Shared.Rent(features.MaxEntries);
            var vector = ArrayPool<float>.Shared.Rent(features.Dimension);
            var count = features.Extract(query, indexes, values);
            if (count == 0)
            {
                data.Means.Fill(quality, costUsd);
            }
            else
            {
                vector.AsSpan(0, features.Dimension).Clear();
                for (var i = 0; i < count; i++)
                {
                    vector[indexes[i]] = (float)values[i];
                }

                for (var m = 0; m < data.Means.Quality.Length; m++)
                {
                    quality[m] = Math.Clamp(data.Quality[m].Evaluate(vector), 0, 1);
                    costUsd[m] = Math.Max(0, data.CostUsd[m].Evaluate(vector));
                }
            }

            ArrayPool<float>.Shared.Return(vector);
            ArrayPool<double>.Shared.Return(values);
            ArrayPool<int>.Shared.Return(indexes);
        }
    }
}
