namespace Cascade.Contracts;

/// <summary>How much a model writes. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.chat.verbosity")]
public enum Verbosity
{
    /// <summary>Not said; the provider decides.</summary>
    None = 0,

    /// <summary>Little.</summary>
    Low = 1,

    /// <summary>The usual.</summary>
    Medium = 2,

    /// <summary>Much.</summary>
    High = 3,
}

/// <summary>
/// What a caller says to the provider and the cluster passes on as it is, to endpoints whose protocol has the field. What is not set is not sent.
/// </summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.provider-fields")]
public sealed record ProviderFields
{
    /// <summary>The longest of these texts, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>The caller's own user, for the provider's abuse control.</summary>
    [Id(0)]
    public string? User { get; init; }

    /// <summary>The caller's own user as a hash, for the provider's abuse control; OpenAI's successor of <see cref="User"/>.</summary>
    [Id(1)]
    public string? SafetyIdentifier { get; init; }

    /// <summary>Requests with the same key share the provider's prompt cache.</summary>
    [Id(2)]
    public string? PromptCacheKey { get; init; }

    /// <summary>How long the provider's prompt cache keeps the prompt, in the provider's own words.</summary>
    [Id(3)]
    public string? PromptCacheRetention { get; init; }

    /// <summary>How much to write.</summary>
    [Id(4)]
    public Verbosity Verbosity { get; init; }
}

/// <summary>A label that a caller puts on a request; it goes to the request's trace and never to a provider.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.label")]
public sealed record RequestLabel
{
    /// <summary>The most labels of one request.</summary>
    public const int MaxCount = 16;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 64;

    /// <summary>The longest value, in characters.</summary>
    public const int MaxValueLength = 512;

    /// <summary>Its name, once per request.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Its value.</summary>
    [Id(1)]
    public required string Value { get; init; }
}
