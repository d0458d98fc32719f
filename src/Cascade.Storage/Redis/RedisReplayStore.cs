using Cascade.Storage.Replays;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>Outcomes on a Redis-protocol server: one hash per key, which the server drops when its time is over.</summary>
public sealed class RedisReplayStore : IReplayStore
{
    /// <summary>ARGV: owner, fingerprint, hold in milliseconds. Answers nothing when the key is the owner's, else its fields.</summary>
    private const string Claim =
        """
        local known = redis.call('HMGET', KEYS[1], 'owner', 'fingerprint', 'outcome')
        if known[2] and known[1] ~= ARGV[1] then
            return {known[1] or '', known[2], known[3] or ''}
        end
        redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'fingerprint', ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        return {}
        """;

    /// <summary>ARGV: owner, hold in milliseconds.</summary>
    private const string Renew =
        """
        if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        return 1
        """;

    /// <summary>ARGV: owner, fingerprint, outcome, retention in milliseconds. A finished key has the empty owner.</summary>
    private const string Complete =
        """
        local owner = redis.call('HGET', KEYS[1], 'owner')
        if owner and owner ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 'owner', '', 'fingerprint', ARGV[2], 'outcome', ARGV[3])
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        return 1
        """;

    private const string Release =
        """
        if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
        redis.call('DEL', KEYS[1])
        return 1
        """;

    private readonly IDatabase _database;
    private readonly string _prefix;

    /// <summary>Creates the store on a connection that the caller owns.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="config">Key prefix.</param>
    public RedisReplayStore(IConnectionMultiplexer connection, StorageConfig config)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(config);
        _database = connection.GetDatabase();
        _prefix = $"{config.ServiceId}/replay";
    }

    /// <inheritdoc />
    public async Task<ReplayClaim> ClaimAsync(
        ReplayKey key, string owner, string fingerprint, TimeSpan hold, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(key, "claim", Claim, [owner, fingerprint, Milliseconds(hold)], cancellationToken);
        if ((RedisValue[]?)answer is not { Length: 3 } known)
            return new ReplayClaim(ReplayStatus.Claimed, fingerprint, default);
        var status = known[0].IsNullOrEmpty ? ReplayStatus.Finished : ReplayStatus.Running;
        return new ReplayClaim(status, (string?)known[1] ?? "", known[2]);
    }

    /// <inheritdoc />
    public async Task<bool> RenewAsync(ReplayKey key, string owner, TimeSpan hold, CancellationToken cancellationToken) =>
        (bool)await RunAsync(key, "renew", Renew, [owner, Milliseconds(hold)], cancellationToken);

    /// <inheritdoc />
    public async Task<bool> CompleteAsync(
        ReplayKey key, string owner, string fingerprint, ReadOnlyMemory<byte> outcome, TimeSpan retention, CancellationToken cancellationToken) =>
        (bool)await RunAsync(key, "complete", Complete, [owner, fingerprint, outcome, Milliseconds(retention)], cancellationToken);

    /// <inheritdoc />
    public Task ReleaseAsync(ReplayKey key, string owner, CancellationToken cancellationToken) =>
        RunAsync(key, "release", Release, [owner], cancellationToken);

    private static RedisValue Milliseconds(TimeSpan span) => Math.Max(1, (long)span.TotalMilliseconds);

    private async Task<RedisResult> RunAsync(
        ReplayKey key, string command, string script, RedisValue[] values, CancellationToken cancellationToken)
    {
        key.Check();
        cancellationToken.ThrowIfCancellationRequested();
        RedisKey name = $"{_prefix}/{{{Uri.EscapeDataString(key.Account)}:{Uri.EscapeDataString(key.Key)}}}";
        try
        {
            return await _database.ScriptEvaluateAsync(script, [name], values).WaitAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new ReplayStoreUnavailableException(command, cause);
        }
    }
}
