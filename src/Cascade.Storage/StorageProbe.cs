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
                    + "so it would forget ledgers, or replies that were paid for; set maxmemory-policy to noeviction"
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

    /// <summary>
    /// A policy of a primary that could drop a ledger, which has no time to live, or a reply that is kept for repetitions, which has one; empty when there is
    /// none or no server tells. A replica that is away is no reason not to start.
    /// </summary>
    private static async Task<string> EvictionAsync(ConnectionMultiplexer connection)
    {
        foreach (var server in connection.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false }))
        {
            if (await EvictionAsync(server) is { Length: > 0 } policy && policy != "noeviction")
                return policy;
        }

        return "";
    }

    private static async Task<string> EvictionAsync(IServer server)
    {
        try
        {
            var sections = await server.InfoAsync("memory");
            return sections.SelectMany(s => s).FirstOrDefault(p => p.Key == "maxmemory_policy").Value ?? "";
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
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
