using Cascade.Providers.Pricing;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>Reads the bill off an answer.</summary>
internal static class UsageMeter
{
    public static Metered Measure(ChatResponse response, ModelCall call, double minBytesPerToken)
    {
        var usage = response.Usage;
        if (usage is { InputTokenCount: >= 0, OutputTokenCount: >= 0 })
            return new Metered(BillingCertainty.Reported, usage.InputTokenCount.Value, Output(usage));

        return new Metered(
            BillingCertainty.Estimated,
            usage is { InputTokenCount: >= 0 } ? usage.InputTokenCount.Value : TokenBound.InputTokens(call.Messages, call.Options, minBytesPerToken),
            usage is { OutputTokenCount: >= 0 }
                ? usage.OutputTokenCount.Value
                : UncountedOutput(response, call, minBytesPerToken));
    }

    /// <summary>
    /// Reasoning is billed and need not be in the text, so the text bounds nothing: without a count the whole output limit is taken as used.
    /// </summary>
    private static long UncountedOutput(ChatResponse response, ModelCall call, double minBytesPerToken) =>
        call.Options.MaxOutputTokens ?? TokenBound.OutputTokens(response.Text, maxOutputTokens: null, minBytesPerToken);

    // Some compatible providers leave reasoning tokens out of the answer's count and bill them; their total has them.
    private static long Output(UsageDetails usage) =>
        Math.Max(usage.OutputTokenCount!.Value, (usage.TotalTokenCount ?? 0) - usage.InputTokenCount!.Value);
}

/// <summary>Tokens, and how well they are known.</summary>
internal readonly record struct Metered(BillingCertainty Billing, long InputTokens, long OutputTokens);
