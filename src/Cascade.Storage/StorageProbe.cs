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
        options.ConnectTimeout = options.AsyncTimeout;
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
            await connection.GetDatabase().PingAsync();
            return "";
        }
        catch (Exception cause) when (cause is RedisException or TimeoutException)
        {
            // The connection string may hold a password, so only its addresses are repeated.
            var addresses = string.Join(", ", options.EndPoints.Select(EndPointCollection.ToString));
            return $"{StorageConfig.SectionName}:RedisConnection: no server takes connections at '{addresses}' ({Reason(cause)}); "
                + "start it, or correct the address";
        }
    }

    private static string Reason(Exception cause) => cause switch
    {
        RedisConnectionException connection => connection.FailureType.ToString(),
        _ => cause.GetType().Name,
    };
}
