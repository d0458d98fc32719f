namespace Cascade.Planning.Outcomes;

/// <summary>What is known of a query before any model runs, besides its numeric features.</summary>
public sealed record OutcomeQuery
{
    /// <summary>The query's id, unique in its table.</summary>
    public required string Id { get; init; }

    /// <summary>The kind of task, for example the benchmark the query is from; null when unknown.</summary>
    public string? Task { get; init; }

    /// <summary>The query's text; null when it was not recorded.</summary>
    public string? Text { get; init; }

    /// <summary>The split that the data's publisher put the query in, for example <c>train</c>; null when none.</summary>
    public string? PublishedSplit { get; init; }
}
