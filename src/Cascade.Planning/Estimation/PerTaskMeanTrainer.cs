using System.Collections.Immutable;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>Trains the per-task means: each drawn to the mean of all by <c>n/(n + prior rows)</c>, all together by cross-validation.</summary>
public sealed class PerTaskMeanTrainer : ShrinkingTrainer
{
    /// <inheritdoc />
    public override string Name => "task-mean";

    /// <summary>How many rows the mean of all weighs against a task's own rows, at least 0.</summary>
    public double PriorRows { get; init; } = 20;

    /// <inheritdoc />
    protected override Estimator TrainPlain(OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        var all = ModelMeans.Of(table);
        int[] models = [.. Enumerable.Range(0, table.ModelCount)];
        var tasks = Enumerable.Range(0, table.RowCount).Where(row => table.Queries[row].Task is not null)
            .GroupBy(row => table.Queries[row].Task!, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal);
        return new PerTaskMeanEstimator
        {
            Means = all,
            Tasks = [.. tasks.Select(group => new TaskMeans(group.Key, Draw(ModelMeans.Of(table.Select(models, [.. group])), all, group.Count())))],
        };
    }

    private ModelMeans Draw(ModelMeans own, ModelMeans all, int rows)
    {
        var share = rows / (rows + PriorRows);
        return new ModelMeans { Quality = Mix(own.Quality, all.Quality, share), CostUsd = Mix(own.CostUsd, all.CostUsd, share) };
    }

    private static ImmutableArray<double> Mix(ImmutableArray<double> own, ImmutableArray<double> all, double share) =>
        [.. own.Select((value, m) => (share * value) + ((1 - share) * all[m]))];
}
