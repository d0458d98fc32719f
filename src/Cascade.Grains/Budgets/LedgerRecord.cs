using System.Collections.Immutable;

namespace Cascade.Grains.Budgets;

/// <summary>
/// The stored state of an account. It is a contract of its own, apart from the ledger's types and the wire: members are append only, a
/// reader accepts this version and the one before, and amounts are nano-dollars.
/// </summary>
internal sealed record LedgerRecord
{
    /// <summary>The version of this format.</summary>
    public const int CurrentVersion = 2;

    public int SchemaVersion { get; init; } = CurrentVersion;

    public ImmutableArray<WindowRecord> Windows { get; init; } = [];

    public ImmutableArray<LeaseRecord> Leases { get; init; } = [];

    public ImmutableArray<UnconfirmedRecord> Unconfirmed { get; init; } = [];

    public long SettledNanos { get; init; }

    public long OverrunNanos { get; init; }

    public long Requests { get; init; }

    public long NextEpoch { get; init; } = 1;

    public ImmutableArray<OperationRecord> Operations { get; init; } = [];

    public PacerRecord Pacer { get; init; } = new();

    /// <summary>Where the settled money went; version 1 did not say, so all of it went to no endpoint there.</summary>
    public ImmutableArray<ModelUsageRecord> ByModel { get; init; } = [];

    /// <summary>The number of the first of <see cref="Entries"/>; those before it are in the ledger log.</summary>
    public long FirstEntry { get; init; } = 1;

    /// <summary>The latest entries of this very state, which the ledger log may not have yet, in the log's own text.</summary>
    public ImmutableArray<string> Entries { get; init; } = [];

    /// <summary>The number of the first alert that has not arrived yet.</summary>
    public long FirstAlert { get; init; } = 1;

    /// <summary>Alerts that have not arrived yet, as the texts of their entries.</summary>
    public ImmutableArray<string> Alerts { get; init; } = [];
}

internal sealed record WindowRecord
{
    public required int Window { get; init; }

    public required long LimitNanos { get; init; }

    public required bool Hard { get; init; }

    public required string TimeZone { get; init; }

    public required DateTimeOffset Start { get; init; }

    public long SettledNanos { get; init; }

    public long ExcessNanos { get; init; }

    /// <summary>0 in version 1, where <see cref="Hard"/> says all.</summary>
    public int Mode { get; init; }

    public TimeSpan Span { get; init; }

    /// <summary>Unset in version 1.</summary>
    public ImmutableArray<int>? AlertPercents { get; init; }

    public ImmutableArray<FloorRecord> Floors { get; init; } = [];

    public ImmutableArray<WindowPartRecord> Parts { get; init; } = [];

    public ImmutableArray<OverrideRecord> Overrides { get; init; } = [];

    public int AlertedPercent { get; init; }

    public long WouldRefuse { get; init; }

    public long WouldRefuseNanos { get; init; }
}

internal sealed record FloorRecord
{
    public required string Beneficiary { get; init; }

    public required long AmountNanos { get; init; }
}

internal sealed record WindowPartRecord
{
    public long Bucket { get; init; }

    public string Beneficiary { get; init; } = "";

    public required long SettledNanos { get; init; }
}

internal sealed record OverrideRecord
{
    public required string Id { get; init; }

    public required long ChangeNanos { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string Author { get; init; }

    public required string Reason { get; init; }
}

internal sealed record ModelUsageRecord
{
    public required string Endpoint { get; init; }

    public long SettledNanos { get; init; }

    public long Attempts { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public long CachedTokens { get; init; }

    public long ReasoningTokens { get; init; }
}

internal sealed record LeaseRecord
{
    public required string Id { get; init; }

    public required string Holder { get; init; }

    public required long Epoch { get; init; }

    public long GrantedNanos { get; init; }

    public long ReleasedNanos { get; init; }

    public long SettledNanos { get; init; }

    public long UnconfirmedNanos { get; init; }

    public long Requests { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public ImmutableSortedDictionary<string, long> EndedNanos { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    public string Beneficiary { get; init; } = "";

    public long ExposureNanos { get; init; }

    public ImmutableArray<ModelUsageRecord> ByModel { get; init; } = [];
}

internal sealed record UnconfirmedRecord
{
    public required string AttemptId { get; init; }

    public required string LeaseId { get; init; }

    public required long Epoch { get; init; }

    public required long LowerNanos { get; init; }

    public required long UpperNanos { get; init; }

    public required DateTimeOffset At { get; init; }

    public string Beneficiary { get; init; } = "";

    public string Endpoint { get; init; } = "";
}

internal sealed record OperationRecord
{
    public required string OperationId { get; init; }

    public required string Fingerprint { get; init; }

    public required int Status { get; init; }

    public string LeaseId { get; init; } = "";

    public long Epoch { get; init; }

    public long GrantedNanos { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public long ExposureNanos { get; init; }
}

/// <summary>What the shadow price is paced by.</summary>
internal sealed record PacerRecord
{
    public double Price { get; init; }

    /// <summary>Start of the window that <see cref="WindowRequests"/> counts in.</summary>
    public DateTimeOffset WindowStart { get; init; }

    public long WindowRequests { get; init; }

    public double TrafficRequests { get; init; }

    public double TrafficExposureSeconds { get; init; }

    public DateTimeOffset? TrafficAt { get; init; }
}
