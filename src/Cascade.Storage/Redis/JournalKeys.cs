using Cascade.Storage.Journal;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>
/// The server keys of one stream. The braces put both into one slot of a server cluster, which a rename and a script need.
/// </summary>
internal readonly record struct JournalKeys(RedisKey Open, RedisKey Sealed)
{
    internal static JournalKeys Of(string serviceId, JournalKey key)
    {
        Check(key);
        var name = $"{serviceId}/journal/{{{Uri.EscapeDataString(key.Account)}:{Uri.EscapeDataString(key.LeaseId)}}}";
        return new JournalKeys($"{name}/open", $"{name}/sealed");
    }

    internal static void Check(JournalKey key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key.Account);
        ArgumentException.ThrowIfNullOrEmpty(key.LeaseId);
    }
}
