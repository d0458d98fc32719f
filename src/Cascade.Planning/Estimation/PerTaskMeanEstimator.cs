using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Expects of a query what the models delivered on average on its task; of a query of an unknown task, the means over all. Most of what routers
/// gain has been traced to the kind of task alone, so a router has to beat this one to be worth its features.
/// </summary>
public sealed record PerTaskMeanEstimator : Estimator
{
    /// <summary>The means over all tasks.</summary>
    public required ModelMeans Means { get; init; }

    /// <summary>The means of each task, already drawn towards <see cref="Means"/>; no task twice.</summary>
    public required ImmutableArray<TaskMeans> Tasks { get; init; }

    /// <inheritdoc />
    [JsonIgnore]
    public override int ModelCount => Means.Quality.Length;

    /// <inheritdoc />
    [JsonIgnore]
    public override QueryReads Reads => new() { Task = !Tasks.IsEmpty };

    /// <inheritdoc />
    public override IQueryEstimator Compile()
    {
        Means.Require(nameof(Means));
        foreach (var (task, means) in Tasks)
        {
            means.Require($"{nameof(Tasks)} '{task}'");
            if (means.Quality.Length != Means.Quality.Length)
            {
                throw new ArgumentException($"{nameof(Tasks)} '{task}' has {means.Quality.Length} models where {Means.Quality.Length} are needed");
            }
        }

        return new Compiled(Means, Tasks.ToFrozenDictionary(t => t.Task, t => t.Means, StringComparer.Ordinal));
    }

    private sealed class Compiled(ModelMeans all, FrozenDictionary<string, ModelMeans> tasks) : IQueryEstimator
    {
        public void Estimate(in QueryFacts query, Span<double> quality, Span<double> costUsd) =>
            (query.Task is { } task && tasks.TryGetValue(task, out var means) ? means : all).Fill(quality, costUsd);
    }
}

/// <summary>What is expected of a task.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Means">The means.</param>
public sealed record TaskMeans(string Task, ModelMeans Means);
