using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>The stored state of a model endpoint. Members are append only; a reader accepts this version and the one before.</summary>
internal sealed record EndpointRecord
{
    /// <summary>The version of this format.</summary>
    public const int CurrentVersion = 2;

    public int SchemaVersion { get; init; } = CurrentVersion;

    /// <summary>Slices by holder.</summary>
    public ImmutableSortedDictionary<string, SliceRecord> Slices { get; init; } = ImmutableSortedDictionary<string, SliceRecord>.Empty;

    /// <summary>Usage of holders that are gone.</summary>
    public EndpointUsage PastUsage { get; init; } = new();

    /// <summary>Since version 2: the id of the last rate grant.</summary>
    public long LastGrant { get; init; }

    /// <summary>Since version 2: started calls that no report changes any more, by when they stop counting against the rate limits.</summary>
    public ImmutableArray<RateBucket> Started { get; init; } = [];
}

/// <summary>One silo's slice.</summary>
internal sealed record SliceRecord
{
    public required int Granted { get; init; }

    public required int Wanted { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The holder's totals since it started.</summary>
    public required EndpointUsage Usage { get; init; }

    /// <summary>Since version 2: the last request that was applied.</summary>
    public long Sequence { get; init; }

    /// <summary>Since version 2: rate grants that may still be used, or whose calls have not all ended.</summary>
    public ImmutableArray<GrantRecord> Grants { get; init; } = [];
}

/// <summary>A rate grant.</summary>
internal sealed record GrantRecord
{
    public required long Id { get; init; }

    public required long Requests { get; init; }

    public required long Tokens { get; init; }

    /// <summary>After this no call is started under it.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>Started calls that stop counting at about the same time.</summary>
internal sealed record RateBucket
{
    /// <summary>The last of them was started by then.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    public required long Requests { get; init; }

    public required long Tokens { get; init; }
}
