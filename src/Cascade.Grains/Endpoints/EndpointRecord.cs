using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>The stored state of a model endpoint. Members are append only; a reader accepts this version and the one before.</summary>
internal sealed record EndpointRecord
{
    /// <summary>The version of this format.</summary>
    public const int CurrentVersion = 1;

    public int SchemaVersion { get; init; } = CurrentVersion;

    /// <summary>Slices by holder.</summary>
    public ImmutableSortedDictionary<string, SliceRecord> Slices { get; init; } = ImmutableSortedDictionary<string, SliceRecord>.Empty;

    /// <summary>Usage of holders that are gone.</summary>
    public EndpointUsage PastUsage { get; init; } = new();
}

/// <summary>One silo's slice.</summary>
internal sealed record SliceRecord
{
    public required int Granted { get; init; }

    public required int Wanted { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The holder's totals since it started.</summary>
    public required EndpointUsage Usage { get; init; }
}
