using Cascade.Storage.Redis;
using StackExchange.Redis;

namespace Cascade.Storage;

/// <summary>Finds out whether the configured server is there, before anything is built on it.</summary>
public static class StorageProbe
{
    /// <summary>Connects once. A server that is still starting is waited for, as long as one command may take.</summary>
    /// <param name="config">A valid configuration of mode <c>redis</c>.</param>
    /// <returns>What is wrong and how to repair it; empty when a server answers.</returns>
    public static async Task<string> FindProblemAsync(StorageConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var options = RedisConnections.Options(config, "probe");
        options.AbortOnConnectFail = true;
        options.AllowAdmin = true;
        options.ConnectTimeout = options.AsyncTimeout;
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
            await connection.GetDatabase().PingAsync();
            return await EvictionAsync(connection) is { Length: > 0 } policy
                ? $"{StorageConfig.SectionName}:RedisConnection: the server evicts keys when memory is short (maxmemory-policy {policy}), "
                    + "so it would forget ledgers; set maxmemory-policy to noeviction"
                : "";
        }
        catch (Exception cause) when (cause is RedisException or TimeoutException)
        {
            // The connection string may hold a password, so only its addresses are repeated.
            var addresses = string.Join(", ", options.EndPoints.Select(EndPointCollection.ToString));
            return $"{StorageConfig.SectionName}:RedisConnection: no server takes connections at '{addresses}' ({Reason(cause)}); "
                + "start it, or correct the address";
        }
    }

    /// <summary>The eviction policy that could drop a ledger; empty when there is none or the server does not tell.</summary>
    private static async Task<string> EvictionAsync(ConnectionMultiplexer connection)
    {
        try
        {
            var sections = await connection.GetServers()[0].InfoAsync("memory");
            var policy = sections.SelectMany(s => s).FirstOrDefault(p => p.Key == "maxmemory_policy").Value ?? "";
            return policy.StartsWith("allkeys", StringComparison.Ordinal) ? policy : "";
        }
        catch (Exception e) when (e is RedisServerException or RedisCommandException)
        {
            return "";
        }
    }

    private static string Reason(Exception cause) => cause switch
    {
        RedisConnectionException connection => connection.FailureType.ToString(),
        _ => cause.GetType().Name,
    };
}
