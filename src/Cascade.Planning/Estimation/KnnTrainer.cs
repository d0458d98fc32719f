using System.Collections.Immutable;
using Cascade.Planning.Features;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Keeps known queries for a <see cref="KnnEstimator"/>. How many neighbours are averaged is chosen by the squared error out of fold, all models'
/// qualities together.
/// </summary>
public sealed class KnnTrainer : ShrinkingTrainer
{
    /// <inheritdoc />
    public override string Name => "knn";

    /// <summary>The features; tasks and scales are taken from the training rows.</summary>
    public FeatureSpec Features { get; init; } = new();

    /// <summary>The numbers of neighbours tried, each at least 1, rising; others are refused.</summary>
    public ImmutableArray<int> Neighbours { get; init; } = [5, 10, 20, 40, 80];

    /// <summary>Most known queries kept, 1 to <see cref="KnnEstimator.MostRows"/>; of more, those with the smallest hash.</summary>
    public int MaxRows { get; init; } = 4000;

    /// <inheritdoc />
    protected override Estimator TrainPlain(OutcomeTable table, ulong seed) => TrainRaw(table, seed).Estimator;

    /// <inheritdoc />
    protected override CrossFitted TrainRaw(OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (Neighbours.IsEmpty || Neighbours.Any(n => n < 1) || MaxRows is < 1 or > KnnEstimator.MostRows)
        {
            throw new ArgumentException($"give numbers of neighbours of at least 1, and 1 to {KnnEstimator.MostRows} rows");
        }

        for (var i = 1; i < Neighbours.Length; i++)
        {
            if (Neighbours[i] <= Neighbours[i - 1])
            {
                throw new ArgumentException($"{nameof(Neighbours)}[{i}] is {Neighbours[i]} after {Neighbours[i - 1]}; give rising numbers, none twice");
            }
        }

        var means = ModelMeans.Of(table);
        var spec = Features.FitTo(table);
        var features = FeatureRows.Of(spec, table);
        var tried = new PriorMatrix[Neighbours.Length];
        var kept = Kept(table);
        Search(table, features, means, spec, kept, CrossFit.FoldOf(table, seed), tried);
        var best = 0;
        for (var i = 1; i < tried.Length; i++)
        {
            best = Error(table, tried[i]) < Error(table, tried[best]) ? i : best;
        }

        return new CrossFitted(Estimator(table, features, means, spec, kept) with { Neighbours = Neighbours[best] }, tried[best]);
    }

    /// <summary>The smallest hashes of the texts: the same queries stay when others come and go.</summary>
    private int[] Kept(OutcomeTable table) => table.RowCount <= MaxRows
        ? [.. Enumerable.Range(0, table.RowCount)]
        : [.. Enumerable.Range(0, table.RowCount).OrderBy(row => StableMix.Unit(table.Queries[row].Text ?? table.Queries[row].Id, "knn")).Take(MaxRows).Order()];

    private void Search(
        OutcomeTable table, FeatureRows features, ModelMeans means, FeatureSpec spec, int[] kept, int[] fold, PriorMatrix[] tried)
    {
        var k = table.ModelCount;
        var (quality, cost) = (new double[tried.Length][], new double[tried.Length][]);
        for (var i = 0; i < tried.Length; i++)
        {
            (quality[i], cost[i]) = (new double[table.RowCount * k], new double[table.RowCount * k]);
            tried[i] = new PriorMatrix(k, quality[i], cost[i]);
        }

        Parallel.For(0, CrossFit.Folds, f =>
        {
            int[] known = [.. kept.Where(row => fold[row] != f)];
            var data = Estimator(table, features, means, spec, known);
            var search = new NeighbourSearch(new HashedTextFeatures(spec), data);
            var nearest = new int[Neighbours[^1]];
            for (var row = 0; row < fold.Length; row++)
            {
                if (fold[row] == f)
                {
                    var found = search.Nearest(features.Indexes(row), features.Values(row), nearest);
                    for (var i = 0; i < tried.Length; i++)
                    {
                        var at = row * k;
                        search.Average(nearest.AsSpan(0, Math.Min(found, Neighbours[i])), quality[i].AsSpan(at, k), cost[i].AsSpan(at, k));
                    }
                }
            }
        });
    }

    private static double Error(OutcomeTable table, PriorMatrix priors)
    {
        var sum = 0.0;
        for (var m = 0; m < table.ModelCount; m++)
        {
            var truth = table.Quality(m);
            for (var row = 0; row < truth.Length; row++)
            {
                var error = truth[row] - priors.Quality(row)[m];
                sum += error * error;
            }
        }

        return sum;
    }

    private KnnEstimator Estimator(OutcomeTable table, FeatureRows features, ModelMeans means, FeatureSpec spec, int[] rows)
    {
        var (starts, indexes, values) = (new int[rows.Length + 1], new List<int>(), new List<float>());
        var (quality, cost) = (new double[rows.Length * table.ModelCount], new double[rows.Length * table.ModelCount]);
        for (var i = 0; i < rows.Length; i++)
        {
            var squares = 0.0;
            foreach (var value in features.Values(rows[i]))
            {
                squares += (double)value * value;
            }

            var scale = squares > 0 ? 1 / Math.Sqrt(squares) : 0;
            indexes.AddRange(features.Indexes(rows[i]));
            foreach (var value in features.Values(rows[i]))
            {
                values.Add((float)(value * scale));
            }

            starts[i + 1] = indexes.Count;
            for (var m = 0; m < table.ModelCount; m++)
            {
                quality[(i * table.ModelCount) + m] = table.Quality(m)[rows[i]];
                cost[(i * table.ModelCount) + m] = table.CostUsd(m)[rows[i]];
            }
        }

        return new KnnEstimator
        {
            Features = spec,
            Means = means,
            Neighbours = Neighbours[^1],
            Starts = [.. starts],
            Indexes = [.. indexes],
            Values = [.. values],
            Quality = [.. quality],
            CostUsd = [.. cost],
        };
    }
}
