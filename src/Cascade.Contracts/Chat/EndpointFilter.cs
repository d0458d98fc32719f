using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>
/// Which endpoints may be called. An endpoint passes when it passes every list that is not empty; what it does not say of itself it does not pass.
/// </summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.endpoint-filter")]
public sealed record EndpointFilter
{
    /// <summary>The most names of one list.</summary>
    public const int MaxNames = 64;

    /// <summary>The most characters of one name.</summary>
    public const int MaxNameLength = EndpointId.MaxLength;

    /// <summary>Names of endpoints and groups; the endpoint must be one of them, or in one of them.</summary>
    [Id(0)]
    public ImmutableArray<string> Endpoints { get; init; } = [];

    /// <summary>Regions; the endpoint must be in one of them.</summary>
    [Id(1)]
    public ImmutableArray<string> Regions { get; init; } = [];

    /// <summary>Tags; the endpoint must have every one of them.</summary>
    [Id(2)]
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Kinds of providers, for example <c>openai</c>; the endpoint's must be one of them.</summary>
    [Id(3)]
    public ImmutableArray<string> Providers { get; init; } = [];

    /// <summary>Whether every endpoint passes.</summary>
    public bool IsEmpty => Endpoints.IsDefaultOrEmpty && Regions.IsDefaultOrEmpty && Tags.IsDefaultOrEmpty && Providers.IsDefaultOrEmpty;
}
