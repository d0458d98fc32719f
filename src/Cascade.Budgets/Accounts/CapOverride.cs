namespace Cascade.Budgets;

/// <summary>A change of one cap for a time. Several add up.</summary>
public sealed record CapOverride
{
    /// <summary>The override's name.</summary>
    public required string Id { get; init; }

    /// <summary>What is added to the cap; negative lowers it, never below zero.</summary>
    public required Money Change { get; init; }

    /// <summary>When it ends by itself.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string Author { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }
}
