namespace Cascade.Contracts;

/// <summary>Changes one cap of a budget for a time, or ends such a change. Setting one of the same name again replaces it.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.cap-override")]
public sealed record CapOverrideRequest
{
    /// <summary>Names the command.</summary>
    [Id(0)]
    public required OperationId Operation { get; init; }

    /// <summary>The override's name, 1 to 200 characters.</summary>
    [Id(1)]
    public required string OverrideId { get; init; }

    /// <summary>Whether to end the override before its time; then only <see cref="Author"/> and <see cref="Reason"/> have a meaning.</summary>
    [Id(2)]
    public bool End { get; init; }

    /// <summary>The window of the cap, for example <c>day</c>.</summary>
    [Id(3)]
    public string Window { get; init; } = "";

    /// <summary>What the cap does, for example <c>hard</c>; empty when the budget has one cap of the window.</summary>
    [Id(4)]
    public string Mode { get; init; } = "";

    /// <summary>The span of a rolling window; zero when the budget has one of the window and mode.</summary>
    [Id(5)]
    public TimeSpan Span { get; init; }

    /// <summary>What is added to the cap, in nano-dollars; negative lowers it, never below zero.</summary>
    [Id(6)]
    public long ChangeNanos { get; init; }

    /// <summary>When the override ends by itself.</summary>
    [Id(7)]
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Who asks for it; kept with it for ever.</summary>
    [Id(8)]
    public required string Author { get; init; }

    /// <summary>Why; kept with it for ever.</summary>
    [Id(9)]
    public required string Reason { get; init; }
}

/// <summary>The answer to a <see cref="CapOverrideRequest"/>.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.cap-override-reply")]
public sealed record CapOverrideReply
{
    /// <summary>The outcome.</summary>
    [Id(0)]
    public required BudgetStatus Status { get; init; }

    /// <summary>What is wrong and how to repair it, when the outcome is <see cref="BudgetStatus.InvalidCommand"/>.</summary>
    [Id(1)]
    public string Problem { get; init; } = "";

    /// <summary>The cap's limit from now on, overrides included, in nano-dollars; 0 for the repetition of an end.</summary>
    [Id(2)]
    public long LimitNanos { get; init; }
}
