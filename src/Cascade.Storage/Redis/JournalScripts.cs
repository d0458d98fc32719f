namespace Cascade.Storage.Redis;

/// <summary>The two steps that must be one for every observer. KEYS: open list, sealed list. ARGV: header line.</summary>
internal static class JournalScripts
{
    internal const string Open =
        """
        if redis.call('EXISTS', KEYS[2]) == 1 or redis.call('EXISTS', KEYS[1]) == 1 then
            return 0
        end
        redis.call('RPUSH', KEYS[1], ARGV[1])
        return 1
        """;

    /// <summary>Answers the number of lines of the sealed list, so that the reader knows when it has read all of it.</summary>
    internal const string Seal =
        """
        if redis.call('EXISTS', KEYS[2]) == 0 then
            if redis.call('EXISTS', KEYS[1]) == 1 then
                redis.call('RENAME', KEYS[1], KEYS[2])
            else
                redis.call('RPUSH', KEYS[2], ARGV[1])
            end
        end
        return redis.call('LLEN', KEYS[2])
        """;
}
