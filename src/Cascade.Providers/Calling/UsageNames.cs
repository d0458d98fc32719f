using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>Finds counts that the common type has no field for, by the names their chat clients give them.</summary>
internal static class UsageNames
{
    /// <summary>The name we give to tokens written to a cache where our own code reads them off a provider's answer.</summary>
    public const string CacheWrite = "CacheCreationInputTokens";

    private static readonly string[] CacheWriteNames = [CacheWrite, "cache_creation_input_tokens", "CacheWriteInputTokens", "cache_write_tokens"];

    private static readonly string[] SearchNames = ["WebSearchRequests", "web_search_requests"];

    public static long? CacheWriteOf(UsageDetails usage) => Find(usage, CacheWriteNames);

    /// <summary>Web searches that the provider ran and bills by the piece.</summary>
    public static long? SearchesOf(UsageDetails usage) => Find(usage, SearchNames);

    private static long? Find(UsageDetails usage, string[] names)
    {
        foreach (var name in names)
        {
            if (usage.AdditionalCounts?.TryGetValue(name, out var count) == true)
                return count;
        }

        return null;
    }
}
