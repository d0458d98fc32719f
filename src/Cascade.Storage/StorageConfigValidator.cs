using StackExchange.Redis;

namespace Cascade.Storage;

/// <summary>Finds every problem of a <see cref="StorageConfig"/> at once.</summary>
public static class StorageConfigValidator
{
    private const int MaxIdLength = 100;

    /// <summary>Checks a configuration.</summary>
    /// <param name="path">The configuration path of the section, put before each key that is named.</param>
    /// <param name="config">What was bound.</param>
    /// <returns>One sentence per problem, naming the key and the repair; empty when all is well.</returns>
    public static IEnumerable<string> Check(string path, StorageConfig config)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(config);
        return [.. CheckMode(path, config), .. CheckNames(path, config), .. CheckLimits(path, config)];
    }

    private static IEnumerable<string> CheckMode(string path, StorageConfig config)
    {
        switch (config.Mode)
        {
            case StorageMode.Embedded:
                if (string.IsNullOrWhiteSpace(config.DataDirectory))
                    yield return $"{path}:DataDirectory is empty; name the folder of the embedded server's files, such as ./data.";
                if (!string.IsNullOrWhiteSpace(config.RedisConnection))
                    yield return $"{path}:RedisConnection is set although {path}:Mode is embedded; remove it, or set Mode to redis.";
                break;
            case StorageMode.Redis:
                foreach (var problem in CheckConnection(path, config.RedisConnection))
                    yield return problem;
                break;
            case StorageMode.Memory:
                break;
            default:
                yield return $"{path}:Mode is {config.Mode}, which is not a mode; set it to embedded, redis or memory.";
                break;
        }
    }

    // The connection text can hold a password, so no message quotes it.
    private static IEnumerable<string> CheckConnection(string path, string connection)
    {
        if (string.IsNullOrWhiteSpace(connection))
            return [$"{path}:RedisConnection is empty although {path}:Mode is redis; set it to host:port[,option=value]."];
        try
        {
            return ConfigurationOptions.Parse(connection).EndPoints.Count > 0
                ? []
                : [$"{path}:RedisConnection names no server; start it with host:port."];
        }
        catch (ArgumentException)
        {
            return [$"{path}:RedisConnection cannot be read; write it as host:port[,option=value] with options of StackExchange.Redis."];
        }
    }

    private static IEnumerable<string> CheckNames(string path, StorageConfig config) =>
        [.. CheckId($"{path}:ServiceId", config.ServiceId), .. CheckId($"{path}:ClusterId", config.ClusterId)];

    private static IEnumerable<string> CheckId(string key, string value)
    {
        if (string.IsNullOrEmpty(value))
            yield return $"{key} is empty; name it with letters, digits, '.', '_' or '-'.";
        else if (value.Length > MaxIdLength)
            yield return $"{key} has {value.Length} characters; use at most {MaxIdLength}.";
        else if (value.FirstOrDefault(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) is var wrong and not '\0')
            yield return $"{key} holds '{wrong}'; use only letters, digits, '.', '_' and '-'.";
    }

    private static IEnumerable<string> CheckLimits(string path, StorageConfig config) =>
    [
        .. Within($"{path}:JournalRetention", config.JournalRetention, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650)),
        .. Within($"{path}:JournalQueueLimit", config.JournalQueueLimit, 1, 1_048_576),
        .. Within($"{path}:JournalBatchLimit", config.JournalBatchLimit, 1, 65_536),
        .. Within($"{path}:JournalBatchDelay", config.JournalBatchDelay, TimeSpan.Zero, TimeSpan.FromSeconds(1)),
        .. Within($"{path}:JournalPageSize", config.JournalPageSize, 1, 65_536),
        .. Within($"{path}:CommandTimeout", config.CommandTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        .. Within($"{path}:EmbeddedPort", config.EmbeddedPort, 0, 65_535),
        .. Within($"{path}:EmbeddedMemoryMebibytes", config.EmbeddedMemoryMebibytes, 64, 65_536),
        .. Within($"{path}:EmbeddedAppendLogMebibytes", config.EmbeddedAppendLogMebibytes, 64, 65_536),
    ];

    private static IEnumerable<string> Within<T>(string key, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            yield return $"{key} is {value}; set it from {least} to {most}.";
    }
}
