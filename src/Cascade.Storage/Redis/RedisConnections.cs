using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>How every connection to the server is set up.</summary>
internal static class RedisConnections
{
    internal static ConfigurationOptions Options(StorageConfig config, string purpose)
    {
        if (string.IsNullOrWhiteSpace(config.RedisConnection))
        {
            throw new InvalidOperationException(config.Mode == StorageMode.Embedded
                ? "The embedded server is not connected: start EmbeddedRedis and pass on what its Connect method returns."
                : $"{StorageConfig.SectionName}:RedisConnection is empty; set it to host:port[,option=value].");
        }

        var options = ConfigurationOptions.Parse(config.RedisConnection);
        // A server that restarts must be found again without restarting us.
        options.AbortOnConnectFail = false;
        options.ClientName = $"{config.ServiceId}-{purpose}";
        options.AsyncTimeout = (int)config.CommandTimeout.TotalMilliseconds;
        options.SyncTimeout = options.AsyncTimeout;
        return options;
    }
}
