using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>Finds counts that the common type has no field for, by the names their chat clients give them.</summary>
internal static class UsageNames
{
    /// <summary>The name we give to tokens written to a cache where our own code reads them off a provider's answer.</summary>
    public const string CacheWrite = "CacheCreationInputTokens";

    private static readonly string[] CacheWriteNames = [CacheWrite, "cache_creation_input_tokens", "CacheWriteInputTokens", "cache_write_tokens"];

    public static long? CacheWriteOf(UsageDetails usage)
    {
        foreach (var name in CacheWriteNames)
        {
            if (usage.AdditionalCounts?.TryGetValue(name, out var count) == true)
                return count;
        }

        return null;
    }
}
