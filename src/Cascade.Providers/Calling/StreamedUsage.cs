using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>What the usage in a chunk of a stream counts.</summary>
public enum StreamUsageRule
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>
    /// Everything since the start. It may stand in the last chunk only, or in every one; a later count replaces an earlier one, and a count never
    /// falls, so a last chunk of zeros takes nothing back.
    /// </summary>
    Cumulative = 1,

    /// <summary>The chunk alone; the counts of all chunks are added.</summary>
    PerChunk = 2,
}

/// <summary>
/// Adds up the usage of a stream. The stock aggregation always adds, which bills a stream whose provider repeats its count in every chunk once
/// per chunk.
/// </summary>
internal sealed class StreamedUsage(StreamUsageRule rule)
{
    /// <summary>The usage so far; null when no chunk had any.</summary>
    public UsageDetails? Total { get; private set; }

    public void Add(ChatResponseUpdate update)
    {
        foreach (var usage in update.Contents.OfType<UsageContent>())
            Add(usage.Details);
    }

    public void Add(UsageDetails usage)
    {
        if (Total is null)
        {
            Total = new UsageDetails();
            Total.Add(usage);
        }
        else if (rule == StreamUsageRule.PerChunk)
            Total.Add(usage);
        else
            Total = Later(Total, usage);
    }

    /// <summary>An answer whose usage is what this stream billed, instead of the sum over its chunks.</summary>
    public ChatResponse Settle(ChatResponse response)
    {
        response.Usage = Total;
        return response;
    }

    private static UsageDetails Later(UsageDetails before, UsageDetails now) => new()
    {
        InputTokenCount = Later(before.InputTokenCount, now.InputTokenCount),
        OutputTokenCount = Later(before.OutputTokenCount, now.OutputTokenCount),
        TotalTokenCount = Later(before.TotalTokenCount, now.TotalTokenCount),
        CachedInputTokenCount = Later(before.CachedInputTokenCount, now.CachedInputTokenCount),
        ReasoningTokenCount = Later(before.ReasoningTokenCount, now.ReasoningTokenCount),
        AdditionalCounts = Later(before.AdditionalCounts, now.AdditionalCounts),
    };

    private static long? Later(long? before, long? now) => before is null ? now : now is null ? before : Math.Max(before.Value, now.Value);

    private static AdditionalPropertiesDictionary<long>? Later(AdditionalPropertiesDictionary<long>? before, AdditionalPropertiesDictionary<long>? now)
    {
        if (before is null || now is null)
            return before ?? now;
        var both = new AdditionalPropertiesDictionary<long>(before);
        foreach (var (name, count) in now)
            both[name] = both.TryGetValue(name, out var earlier) ? Math.Max(earlier, count) : count;
        return both;
    }
}
