using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;

namespace Cascade.Grains.Routing;

/// <summary>From a provider's bill to what travels and is kept.</summary>
internal static class UsageMapping
{
    public static TokenUsage ToWire(BilledUsage usage) => new()
    {
        InputTokens = usage.InputTokens,
        OutputTokens = usage.OutputTokens,
        CachedInputTokens = usage.CachedInputTokens,
        CacheWriteTokens = usage.CacheWriteTokens,
        ImageInputTokens = usage.ImageInputTokens,
        ReasoningTokens = usage.ReasoningTokens,
        Images = usage.Images,
        ToolCalls = usage.ToolCalls,
    };

    public static UsageSource SourceOf(BillingCertainty billing) => billing switch
    {
        BillingCertainty.Reported => UsageSource.Reported,
        BillingCertainty.Estimated => UsageSource.Estimated,
        _ => UsageSource.None,
    };
}
