using Cascade.Providers.Pricing;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>Reads the bill off an answer, in one form for all providers.</summary>
/// <remarks>
/// The rules, in order. A count that is negative or larger than any call can be is no count. No answer has zero tokens and no prompt has: a zero beside
/// something that was said is no count either, while zeros beside an empty answer are believed. What is not counted is taken at its upper
/// estimate, and the bill is then <see cref="BillingCertainty.Estimated"/>.
/// </remarks>
internal static class UsageMeter
{
    /// <summary>No model takes or gives as many tokens in one call; a larger count would overflow a ledger.</summary>
    internal const long MostTokens = 100_000_000;

    private const long MostToolCalls = 10_000;

    public static Metered Measure(
        ChatResponse response, ModelCall call, double minBytesPerToken, UncountedOutputRule uncounted = UncountedOutputRule.Limit)
    {
        var usage = response.Usage ?? new UsageDetails();
        var isEmpty = IsEmpty(response);
        var (counted, said) = (Count(usage.InputTokenCount), Output(usage));
        var isZero = counted is 0 && said is 0 && isEmpty;
        var cached = Count(usage.CachedInputTokenCount) ?? 0;
        var written = Count(UsageNames.CacheWriteOf(usage)) ?? 0;

        // More from the cache than there was: this provider counts the cache beside the prompt.
        if (counted is { } plain && plain < cached + written)
            counted = plain + cached + written;
        var input = isZero ? 0 : counted is > 0 ? counted : null;
        var output = isZero ? 0 : said is > 0 || (said is 0 && isEmpty) ? said : null;
        var inputTokens = Math.Min(MostTokens, input ?? EstimatedInput(call, minBytesPerToken));
        cached = input is null ? 0 : Math.Min(cached, inputTokens);
        written = input is null ? 0 : Math.Min(written, inputTokens - cached);
        var outputTokens = output ?? EstimatedOutput(response, call, minBytesPerToken, uncounted);
        var billed = new BilledUsage
        {
            InputTokens = inputTokens,
            CachedInputTokens = cached,
            CacheWriteTokens = written,
            OutputTokens = outputTokens,
            ReasoningTokens = output is null ? 0 : Math.Min(outputTokens, Count(usage.ReasoningTokenCount) ?? 0),
            Images = isZero ? 0 : TokenBound.Images(call.Messages),
            ToolCalls = Math.Max(BilledToolCalls(response), Math.Min(MostToolCalls, Count(UsageNames.SearchesOf(usage)) ?? 0)),
        };
        return new Metered(input is null || output is null ? BillingCertainty.Estimated : BillingCertainty.Reported, billed);
    }

    private static long? Count(long? reported) => reported is >= 0 and <= MostTokens ? reported : null;

    // Some compatible providers leave reasoning tokens out of the answer's count and bill them; their total has them.
    private static long? Output(UsageDetails usage) =>
        Count(usage.OutputTokenCount) is { } output && Count(usage.InputTokenCount) is { } input
            ? Math.Max(output, (Count(usage.TotalTokenCount) ?? 0) - input)
            : Count(usage.OutputTokenCount);

    private static bool IsEmpty(ChatResponse response) => response.Messages.All(message => message.Contents.All(content => content switch
    {
        TextContent text => string.IsNullOrEmpty(text.Text),
        TextReasoningContent reasoning => string.IsNullOrEmpty(reasoning.Text),
        UsageContent or ErrorContent => true,
        _ => false,
    }));

    private static long EstimatedInput(ModelCall call, double minBytesPerToken) =>
        TokenBound.InputTokens(call.Messages, call.Options, minBytesPerToken, call.TokensPerImage);

    /// <summary>
    /// Reasoning is billed and need not be in the text, so of a model that may reason the text bounds nothing: the whole output limit is taken as used.
    /// </summary>
    private static long EstimatedOutput(ChatResponse response, ModelCall call, double minBytesPerToken, UncountedOutputRule uncounted) =>
        uncounted == UncountedOutputRule.Limit && call.Options.MaxOutputTokens is { } limit
            ? limit
            : TokenBound.OutputTokens(response, call.Options.MaxOutputTokens, minBytesPerToken);

    private static long BilledToolCalls(ChatResponse response) => response.Messages.Sum(message => (long)message.Contents.Count(
        content => content is WebSearchToolCallContent or CodeInterpreterToolCallContent or ImageGenerationToolCallContent));
}

/// <summary>Tokens, and how well they are known.</summary>
internal readonly record struct Metered(BillingCertainty Billing, BilledUsage Usage)
{
    public long InputTokens => Usage.InputTokens;

    public long OutputTokens => Usage.OutputTokens;
}
