namespace Cascade.Budgets;

/// <summary>An attempt that the provider may or may not bill. Its upper bound stays held until the truth is known.</summary>
public sealed record UnconfirmedEntry
{
    /// <summary>The lease it was paid from, which may be closed by now.</summary>
    public required string LeaseId { get; init; }

    /// <summary>The epoch of that lease.</summary>
    public required long Epoch { get; init; }

    /// <summary>On whose behalf it was made; empty for the general pool.</summary>
    public string Beneficiary { get; init; } = "";

    /// <summary>Where it was made; empty when that is not known.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The least it can have cost.</summary>
    public required Money Lower { get; init; }

    /// <summary>The most it can have cost.</summary>
    public required Money Upper { get; init; }

    /// <summary>When the ledger first heard of it; it counts against every window that this falls in.</summary>
    public required DateTimeOffset At { get; init; }
}
