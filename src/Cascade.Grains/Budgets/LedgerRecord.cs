using System.Collections.Immutable;

namespace Cascade.Grains.Budgets;

/// <summary>
/// The stored state of an account. It is a contract of its own, apart from the ledger's types and the wire: members are append only, a
/// reader accepts this version and the one before, and amounts are nano-dollars.
/// </summary>
internal sealed record LedgerRecord
{
    /// <summary>The version of this format.</summary>
    public const int CurrentVersion = 1;

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
}

internal sealed record UnconfirmedRecord
{
    public required string AttemptId { get; init; }

    public required string LeaseId { get; init; }

    public required long Epoch { get; init; }

    public required long LowerNanos { get; init; }

    public required long UpperNanos { get; init; }

    public required DateTimeOffset At { get; init; }
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
