using System.Collections.Immutable;

namespace Cascade.Planning.Estimation;

/// <summary>Which of the <see cref="QueryFacts"/> an estimator's result depends on.</summary>
public sealed record QueryReads
{
    /// <summary>None of them.</summary>
    public static QueryReads Nothing { get; } = new();

    /// <summary>Whether <see cref="QueryFacts.Text"/> is.</summary>
    public bool Text { get; init; }

    /// <summary>Whether <see cref="QueryFacts.Task"/> is.</summary>
    public bool Task { get; init; }

    /// <summary>Whether <see cref="QueryFacts.InputTokens"/> are.</summary>
    public bool InputTokens { get; init; }

    /// <summary>The names of the numeric <see cref="QueryFacts.Features"/> that are.</summary>
    public ImmutableArray<string> Features { get; init; } = [];
}
