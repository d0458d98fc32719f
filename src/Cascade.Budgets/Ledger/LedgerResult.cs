namespace Cascade.Budgets;

/// <summary>The answer to a command.</summary>
public sealed record LedgerResult
{
    /// <summary>The outcome.</summary>
    public required LedgerStatus Status { get; init; }

    /// <summary>The lease as the command left it; null when there is none or it was closed.</summary>
    public LeaseTerms? Lease { get; init; }

    /// <summary>Why there is no money; only with <see cref="LedgerStatus.CapReached"/> and <see cref="LedgerStatus.HeldByOthers"/>.</summary>
    public CapRefusal? Refusal { get; init; }

    /// <summary>Whether the account has a hard cap.</summary>
    public bool HardCapped { get; init; }

    /// <summary>What is wrong with the command and how to repair it; empty unless <see cref="LedgerStatus.InvalidCommand"/>.</summary>
    public string Problem { get; init; } = "";
}

/// <summary>What a holder may do with its lease.</summary>
public sealed record LeaseTerms
{
    /// <summary>The lease.</summary>
    public required string LeaseId { get; init; }

    /// <summary>Its fencing epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Everything granted since the lease was opened, before anything was given back.</summary>
    public required Money Granted { get; init; }

    /// <summary>The most that calls may add up to whose intents are not durable.</summary>
    public Money Exposure { get; init; }

    /// <summary>When the lease may be reclaimed, by the ledger's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>The window that refused.</summary>
public sealed record CapRefusal
{
    /// <summary>The window: of all hard caps the one that leaves least; the first of several.</summary>
    public required WindowKind Window { get; init; }

    /// <summary>Its cap with all overrides.</summary>
    public required Money Cap { get; init; }

    /// <summary>
    /// The cap less settled and unconfirmed spend and what is kept for other beneficiaries; open leases are not taken off. Negative after an
    /// overrun.
    /// </summary>
    public required Money Remaining { get; init; }

    /// <summary>What was needed.</summary>
    public required Money Needed { get; init; }

    /// <summary>When the window starts anew, or for a rolling one when its oldest spend leaves; null when that never happens.</summary>
    public DateTimeOffset? ResetsAt { get; init; }
}
