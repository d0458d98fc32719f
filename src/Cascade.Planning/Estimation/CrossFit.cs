using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>An estimator trained on all rows, and what estimators that had not seen a row say of it.</summary>
/// <param name="Estimator">Trained on all rows: for queries to come.</param>
/// <param name="OutOfFold">For every training row the estimate by an estimator trained without it: for whatever is fitted next on the same rows.</param>
public sealed record CrossFitted(Estimator Estimator, PriorMatrix OutOfFold);

/// <summary>A trainer that has out-of-fold estimates at hand when it has trained, and need not train once more for them.</summary>
public interface ICrossFittingTrainer : IEstimatorTrainer
{
    /// <summary>Trains and estimates the training rows out of fold.</summary>
    /// <param name="table">Rows to train on; every model has an outcome with a cost on every row.</param>
    /// <param name="seed">Decides the folds and whatever is drawn at random.</param>
    /// <returns>The estimator of <see cref="IEstimatorTrainer.Train"/>, and the out-of-fold estimates.</returns>
    CrossFitted TrainCrossFitted(OutcomeTable table, ulong seed);
}

/// <summary>
/// Cross-fitting: a learned estimate of its own training rows looks better than it is, and everything fitted on top of it would trust it too much.
/// </summary>
public static class CrossFit
{
    /// <summary>How many parts the rows are cut into.</summary>
    public const int Folds = 5;

    /// <summary>Several strategies fit on the same rows by the same trainer, and training is most of their time.</summary>
    private static readonly ConditionalWeakTable<OutcomeTable, ConcurrentDictionary<(IEstimatorTrainer, ulong), Lazy<CrossFitted>>> Trained = [];

    /// <summary>
    /// Trains and estimates the training rows out of fold, the quickest way the trainer has. The result is remembered for as long as the table lives:
    /// the same trainer object trains once on the same table object with the same seed.
    /// </summary>
    /// <param name="trainer">The trainer; it does not change once it has trained.</param>
    /// <param name="table">Rows to train on, at least one; every model has an outcome with a cost on every row.</param>
    /// <param name="seed">Decides the folds and whatever is drawn at random.</param>
    /// <returns>The estimator and the out-of-fold estimates.</returns>
    public static CrossFitted Train(IEstimatorTrainer trainer, OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(table);
        return Trained.GetOrCreateValue(table)
            .GetOrAdd((trainer, seed), static (key, rows) => new Lazy<CrossFitted>(() => TrainAnew(key.Item1, rows, key.Item2)), table).Value;
    }

    /// <summary>Trains once per fold on the other folds.</summary>
    /// <param name="train">Trains on some rows with a seed.</param>
    /// <param name="table">The rows, at least one.</param>
    /// <param name="seed">Decides the folds and is passed on.</param>
    /// <returns>The estimates. Where all rows are of one fold (a single question, however often), they are its means.</returns>
    public static PriorMatrix OutOfFold(Func<OutcomeTable, ulong, Estimator> train, OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(table);
        var fold = FoldOf(table, seed);
        int[] models = [.. Enumerable.Range(0, table.ModelCount)];
        var quality = new double[table.RowCount * table.ModelCount];
        var cost = new double[quality.Length];
        for (var f = 0; f < Folds; f++)
        {
            var (inside, outside) = Part(fold, f);
            if (inside.Length == 0)
            {
                continue;
            }

            var estimator = outside.Length == 0 ? new MeanEstimator { Means = ModelMeans.Of(table) } : train(table.Select(models, outside), seed);
            var priors = estimator.EstimateAll(table.Select(models, inside));
            for (var i = 0; i < inside.Length; i++)
            {
                priors.Quality(i).CopyTo(quality.AsSpan(inside[i] * models.Length));
                priors.CostUsd(i).CopyTo(cost.AsSpan(inside[i] * models.Length));
            }
        }

        return new PriorMatrix(models.Length, quality, cost);
    }

    /// <summary>The fold of every row: 0 to <see cref="Folds"/> − 1 by a hash of the query's text (its id when it has none), so that copies stay together.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="seed">Another seed gives other folds.</param>
    /// <returns>One fold per row.</returns>
    public static int[] FoldOf(OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        var scope = string.Create(CultureInfo.InvariantCulture, $"fold-{seed}");
        var fold = new int[table.RowCount];
        for (var row = 0; row < fold.Length; row++)
        {
            fold[row] = (int)(StableMix.Unit(table.Queries[row].Text ?? table.Queries[row].Id, scope) * Folds);
        }

        return fold;
    }

    private static CrossFitted TrainAnew(IEstimatorTrainer trainer, OutcomeTable table, ulong seed) => trainer is ICrossFittingTrainer crossFitting
        ? crossFitting.TrainCrossFitted(table, seed)
        : new CrossFitted(trainer.Train(table, seed), OutOfFold(trainer.Train, table, seed));

    internal static (int[] Inside, int[] Outside) Part(int[] fold, int part)
    {
        var (inside, outside) = (new List<int>(), new List<int>());
        for (var row = 0; row < fold.Length; row++)
        {
            (fold[row] == part ? inside : outside).Add(row);
        }

        return ([.. inside], [.. outside]);
    }
}
