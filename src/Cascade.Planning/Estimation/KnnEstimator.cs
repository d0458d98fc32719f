using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cascade.Planning.Features;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Expects of a query what the models delivered on average on the most similar known queries, by the cosine of their feature vectors.
/// </summary>
/// <remarks>
/// It holds every known query's vector: about 12 bytes per entry in memory and three times that in a document, so 2,000 queries of 150 entries are
/// 4 MB and 11 MB. The time of an estimate is proportional to the queries that share a feature with the new one.
/// </remarks>
public sealed record KnnEstimator : Estimator
{
    /// <summary>Most known queries.</summary>
    public const int MostRows = 100_000;

    /// <summary>The features.</summary>
    public required FeatureSpec Features { get; init; }

    /// <summary>What is expected of a query that resembles none.</summary>
    public required ModelMeans Means { get; init; }

    /// <summary>How many of the most similar queries are averaged, at least 1; of equally similar ones, those known first.</summary>
    public required int Neighbours { get; init; }

    /// <summary>Where each known query's entries begin, and at last where all end.</summary>
    public required ImmutableArray<int> Starts { get; init; }

    /// <summary>The places of the entries in the vector, query by query.</summary>
    public required ImmutableArray<int> Indexes { get; init; }

    /// <summary>The values of the entries, query by query; each query's vector has length 1, or no entry.</summary>
    public required ImmutableArray<float> Values { get; init; }

    /// <summary>Quality of every model on each known query, 0 to 1: query by query, one value per model.</summary>
    public required ImmutableArray<double> Quality { get; init; }

    /// <summary>Cost of every model on each known query in dollars: query by query, one value per model.</summary>
    public required ImmutableArray<double> CostUsd { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override int ModelCount => Means.Quality.Length;

    /// <inheritdoc />
    [JsonIgnore]
    public override QueryReads Reads => Features.ReadAt([.. Indexes]);

    /// <inheritdoc />
    public override IQueryEstimator Compile()
    {
        Means.Require(nameof(Means));
        var features = new HashedTextFeatures(Features);
        var (models, rows) = (Means.Quality.Length, Starts.Length - 1);
        var sound = rows is >= 0 and <= MostRows && Neighbours >= 1 && Starts[0] == 0 && Starts[^1] == Indexes.Length && Values.Length == Indexes.Length
            && Indexes.All(i => i >= 0 && i < features.Dimension) && Values.All(float.IsFinite)
            && Starts.Zip(Starts.Skip(1)).All(pair => pair.First <= pair.Second);
        if (!sound)
        {
            throw new ArgumentException(
                $"the known queries are not usable; give up to {MostRows} of them with rising starts, places below {features.Dimension}, finite values and at least 1 neighbour");
        }

        var check = new ColumnCheck(rows * models);
        check.Unit(Quality.AsSpan(), nameof(Quality));
        check.Cost(CostUsd.AsSpan(), nameof(CostUsd));
        check.Throw(nameof(KnnEstimator));
        return new NeighbourSearch(features, this);
    }
}
