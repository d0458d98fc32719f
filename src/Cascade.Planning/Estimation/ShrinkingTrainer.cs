using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Trains an estimator and draws its predictions towards the models' means, as far as they did not hold out of fold. A derived class says how to train;
/// it overrides <see cref="TrainRaw"/> as well when it has out-of-fold predictions at hand. Instances are thread-safe.
/// </summary>
public abstract class ShrinkingTrainer : ICrossFittingTrainer
{
    /// <inheritdoc />
    public abstract string Name { get; }

    /// <summary>How the shares are found.</summary>
    public ShrinkageRule Shrinkage { get; init; } = ShrinkageRule.Slope;

    /// <inheritdoc />
    public Estimator Train(OutcomeTable table, ulong seed) => TrainCrossFitted(table, seed).Estimator;

    /// <inheritdoc />
    public CrossFitted TrainCrossFitted(OutcomeTable table, ulong seed)
    {
        var means = ModelMeans.Of(table);
        var (raw, outOfFold) = TrainRaw(table, seed);
        var k = table.ModelCount;
        var (quality, cost) = (new double[k], new double[k]);
        var column = new double[table.RowCount];
        for (var m = 0; m < k; m++)
        {
            Copy(outOfFold, m, column, (priors, row) => priors.Quality(row));
            quality[m] = Estimation.Shrinkage.Share(Shrinkage, table.Quality(m), column);
            Copy(outOfFold, m, column, (priors, row) => priors.CostUsd(row));
            cost[m] = Estimation.Shrinkage.Share(Shrinkage, table.CostUsd(m), column);
        }

        var shrunk = new ShrunkEstimator { Inner = raw, Means = means, QualityShares = [.. quality], CostShares = [.. cost] };
        return new CrossFitted(shrunk, Draw(outOfFold, shrunk));
    }

    /// <summary>Trains without drawing anything anywhere.</summary>
    /// <param name="table">Rows to train on.</param>
    /// <param name="seed">Decides whatever is drawn at random.</param>
    /// <returns>The estimator.</returns>
    protected abstract Estimator TrainPlain(OutcomeTable table, ulong seed);

    /// <summary>Trains without drawing anything anywhere, and estimates the training rows out of fold.</summary>
    /// <param name="table">Rows to train on.</param>
    /// <param name="seed">Decides the folds and whatever is drawn at random.</param>
    /// <returns>The estimator and the out-of-fold estimates.</returns>
    protected virtual CrossFitted TrainRaw(OutcomeTable table, ulong seed) =>
        new(TrainPlain(table, seed), CrossFit.OutOfFold(TrainPlain, table, seed));

    private delegate ReadOnlySpan<double> RowOf(PriorMatrix priors, int row);

    private static void Copy(PriorMatrix priors, int model, double[] column, RowOf read)
    {
        for (var row = 0; row < column.Length; row++)
        {
            column[row] = read(priors, row)[model];
        }
    }

    private static PriorMatrix Draw(PriorMatrix priors, ShrunkEstimator shrunk)
    {
        var k = priors.ModelCount;
        var quality = new double[priors.RowCount * k];
        var cost = new double[quality.Length];
        for (var row = 0; row < priors.RowCount; row++)
        {
            priors.Quality(row).CopyTo(quality.AsSpan(row * k));
            priors.CostUsd(row).CopyTo(cost.AsSpan(row * k));
            shrunk.Draw(quality.AsSpan(row * k, k), cost.AsSpan(row * k, k));
        }

        return new PriorMatrix(k, quality, cost);
    }
}
