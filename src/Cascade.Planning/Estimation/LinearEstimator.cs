using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json.Serialization;
using Cascade.Planning.Features;

namespace Cascade.Planning.Estimation;

/// <summary>A linear model per model and quantity over the features of the query: logistic for quality, log-linear for cost.</summary>
public sealed record LinearEstimator : Estimator
{
    /// <summary>The features.</summary>
    public required FeatureSpec Features { get; init; }

    /// <summary>What is expected of a query that the features say nothing of.</summary>
    public required ModelMeans Means { get; init; }

    /// <summary>The prediction of each model's quality; the result is cut to 0 to 1.</summary>
    public required ImmutableArray<LinearHead> Quality { get; init; }

    /// <summary>The prediction of each model's cost in dollars; the result is at least 0.</summary>
    public required ImmutableArray<LinearHead> CostUsd { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override int ModelCount => Means.Quality.Length;

    /// <inheritdoc />
    [JsonIgnore]
    public override QueryReads Reads => Features.ReadAt(place => Quality.Any(head => head.Weights[place] != 0) || CostUsd.Any(head => head.Weights[place] != 0));

    /// <inheritdoc />
    public override IQueryEstimator Compile()
    {
        Means.Require(nameof(Means));
        var features = new HashedTextFeatures(Features);
        Require(Quality, nameof(Quality), features.Dimension);
        Require(CostUsd, nameof(CostUsd), features.Dimension);
        return new Compiled(features, this);
    }

    private void Require(ImmutableArray<LinearHead> heads, string name, int dimension)
    {
        if (heads.Length != Means.Quality.Length)
        {
            throw new ArgumentException($"{name} has {heads.Length} heads where {Means.Quality.Length} are needed; give one per model");
        }

        for (var m = 0; m < heads.Length; m++)
        {
            var head = heads[m];
            if (head.Weights.Length != dimension || !Enum.IsDefined(head.Link) || head.Link == LinkFunction.None
                || !double.IsFinite(head.Intercept) || head.Scale is not (>= 0 and <= ColumnCheck.Largest) || head.Weights.Any(w => !float.IsFinite(w)))
            {
                throw new ArgumentException(
                    $"{name}[{m}] is not usable; give a link, a finite intercept, a scale of at least 0 and {dimension} finite weights (it has {head.Weights.Length})");
            }
        }
    }

    /// <summary>The weights of all heads for a place lie side by side, so that one entry of the sparse vector is one read and a few multiplications.</summary>
    private sealed class Compiled : IQueryEstimator
    {
        private readonly HashedTextFeatures _features;
        private readonly ModelMeans _means;
        private readonly LinearHead[] _heads;
        private readonly float[] _weights;
        private readonly int _stride;

        public Compiled(HashedTextFeatures features, LinearEstimator data)
        {
            (_features, _means, _heads) = (features, data.Means, [.. data.Quality, .. data.CostUsd]);
            _stride = (_heads.Length + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
            _weights = new float[features.Dimension * _stride];
            for (var h = 0; h < _heads.Length; h++)
            {
                for (var j = 0; j < features.Dimension; j++)
                {
                    _weights[(j * _stride) + h] = _heads[h].Weights[j];
                }
            }
        }

        public void Estimate(in QueryFacts query, Span<double> quality, Span<double> costUsd)
        {
            var indexes = ArrayPool<int>.Shared.Rent(_features.MaxEntries);
            var values = ArrayPool<double>.Shared.Rent(_features.MaxEntries);
            var sums = ArrayPool<double>.Shared.Rent(_stride);
            var count = _features.Extract(query, indexes, values);
            if (count == 0)
            {
                _means.Fill(quality, costUsd);
            }
            else
            {
                Sum(indexes.AsSpan(0, count), values, sums.AsSpan(0, _stride));
                var models = _means.Quality.Length;
                for (var m = 0; m < models; m++)
                {
                    quality[m] = Math.Clamp(_heads[m].Finish(sums[m]), 0, 1);
                    costUsd[m] = Math.Max(0, _heads[models + m].Finish(sums[models + m]));
                }
            }

            ArrayPool<double>.Shared.Return(sums);
            ArrayPool<double>.Shared.Return(values);
            ArrayPool<int>.Shared.Return(indexes);
        }

        private void Sum(ReadOnlySpan<int> indexes, ReadOnlySpan<double> values, Span<double> sums)
        {
            sums.Clear();
            for (var e = 0; e < indexes.Length; e++)
            {
                var weights = _weights.AsSpan(indexes[e] * _stride, _stride);
                var value = values[e];
                for (var h = 0; h < weights.Length; h++)
                {
                    sums[h] += weights[h] * value;
                }
            }
        }
    }
}
