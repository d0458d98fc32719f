namespace Cascade.Budgets;

/// <summary>
/// One thing that a command changed, written down for ever. Every balance of an account can be worked out from its entries alone. Entries
/// belong to the state that they came with: whoever stores that state appends them, once and in order, and whoever drops it drops them.
/// </summary>
public sealed record LedgerEntry
{
    /// <summary>What the entry says, and with it which of the other members have a meaning.</summary>
    public required LedgerEntryKind Kind { get; init; }

    /// <summary>The ledger's clock when the command was carried out; it may go back with the owner's, but never before a window it has entered.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>The instant that the amount belongs to: when the attempt was first heard of, which may lie in a window that is over.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The command.</summary>
    public required string OperationId { get; init; }

    /// <summary>The money.</summary>
    public Money Amount { get; init; }

    /// <summary>The least a held attempt can have cost.</summary>
    public Money Lower { get; init; }

    /// <summary>The most a held attempt can have cost; for a lease its exposure; for a cap or an alert the limit.</summary>
    public Money Upper { get; init; }

    /// <summary>The lease.</summary>
    public string LeaseId { get; init; } = "";

    /// <summary>The lease's fencing epoch.</summary>
    public long Epoch { get; init; }

    /// <summary>The lease's holder.</summary>
    public string Holder { get; init; } = "";

    /// <summary>On whose behalf; empty for the general pool.</summary>
    public string Beneficiary { get; init; } = "";

    /// <summary>The attempt.</summary>
    public string AttemptId { get; init; } = "";

    /// <summary>Where the money went; empty when that is not known.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Requests that ended.</summary>
    public long Requests { get; init; }

    /// <summary>Provider calls that the amount is for; the number of caps for <see cref="LedgerEntryKind.CapsReplaced"/>.</summary>
    public long Attempts { get; init; }

    /// <summary>Billed input tokens, cached ones included.</summary>
    public long InputTokens { get; init; }

    /// <summary>Billed output tokens, reasoning included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Input tokens read from the provider's cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Output tokens that are reasoning.</summary>
    public long ReasoningTokens { get; init; }

    /// <summary>The window of the cap.</summary>
    public WindowKind Window { get; init; }

    /// <summary>The span of a rolling window.</summary>
    public TimeSpan Span { get; init; }

    /// <summary>The time zone of the window.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>What the cap does.</summary>
    public CapMode Mode { get; init; }

    /// <summary>The threshold of an alert.</summary>
    public int Percent { get; init; }

    /// <summary>The override.</summary>
    public string OverrideId { get; init; } = "";

    /// <summary>When a lease or an override ends by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Who set the override.</summary>
    public string Author { get; init; } = "";

    /// <summary>Why it was set, or why it ended.</summary>
    public string Reason { get; init; } = "";
}
