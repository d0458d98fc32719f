using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;

namespace Cascade.Grains.Model;

/// <summary>One endpoint: who serves it, what it charges, how much it can take.</summary>
public sealed record EndpointModel
{
    /// <summary>The endpoint's name.</summary>
    public required EndpointId Id { get; init; }

    /// <summary>The kind of provider: <c>openai</c>, <c>replay</c> or <c>synthetic</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Makes the calls.</summary>
    public required IModelCaller Caller { get; init; }

    /// <summary>What it charges; null when unknown, which no account with a hard cap may call.</summary>
    public required IPriceSource? Price { get; init; }

    /// <summary>Most calls in flight, cluster-wide, at least 1.</summary>
    public required int MaxInFlight { get; init; }

    /// <summary>The most output tokens one call may be billed, at least 1.</summary>
    public required int MaxOutputTokens { get; init; }

    /// <summary>Below this many output tokens a call is not worth making, so the limit is never clamped below it.</summary>
    public required int MinOutputTokens { get; init; }

    /// <summary>Expected quality, 0 to 1, for decisions before the model has answered.</summary>
    public required double Quality { get; init; }

    /// <summary>Expected cost of one call, in nano-dollars, for decisions before the model has answered.</summary>
    public required long ExpectedCostNanos { get; init; }

    /// <summary>How long one call may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether a call under way is waited for when its caller goes away, so that its real cost is booked.</summary>
    public required bool DrainOnCancel { get; init; }

    /// <summary>How streams are waited for and charged.</summary>
    public StreamPolicy Stream { get; init; } = new();

    /// <summary>The fewest UTF-8 bytes that one input token can stand for, above 0: prompt bytes over this bound the input tokens from above.</summary>
    public required double MinBytesPerToken { get; init; }

    /// <summary>The most prompt tokens that one image can be billed, at least 0; 0 when the endpoint takes no images.</summary>
    public int MaxTokensPerImage { get; init; }

    /// <summary>The most calls of tools that the provider runs and bills in one call of the model, at least 0.</summary>
    public int MaxToolCalls { get; init; }

    /// <summary>What its protocol has a field for; a request that needs more passes it over.</summary>
    public EndpointFeatures Features { get; init; } = EndpointFeatures.All;

    /// <summary>Its rate limits and how its limit adapts.</summary>
    public CapacityModel Capacity { get; init; } = new();

    /// <summary>When it is taken out and looked at again; null never takes it out.</summary>
    public HealthModel? Health { get; init; }

    /// <summary>What is done about a failed or slow call beside falling back to another stage.</summary>
    public ReliabilityModel Reliability { get; init; } = new();

    /// <summary>Where it keeps and handles what it is sent; empty when that is not known.</summary>
    public string Region { get; init; } = "";

    /// <summary>What else is known of it that filters ask for.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>The key of the account whose request meets it; null for the endpoint's own.</summary>
    public OwnKey? OwnKey { get; init; }

    /// <summary>
    /// The endpoint as an account with a key of its own meets it. Limits on rates and what adapts to the provider's refusals are those of the endpoint's
    /// own key, so they do not hold here.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <returns>The endpoint.</returns>
    public EndpointModel SignedWith(OwnKey key) => ForOwnKeys() with { OwnKey = key };

    /// <summary>What the endpoint can take of calls under keys that accounts bring.</summary>
    /// <returns>The endpoint without what is known of its own key alone.</returns>
    internal EndpointModel ForOwnKeys() => this with
    {
        Capacity = Capacity with { RequestsPerMinute = null, TokensPerMinute = null, Adaptive = false },
    };
}
