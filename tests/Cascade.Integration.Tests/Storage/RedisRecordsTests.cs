using Cascade.Storage;
using Cascade.Storage.Ledger;
using Cascade.Storage.Redis;
using Cascade.Storage.Replays;
using Cascade.TestKit.Storage;

using StackExchange.Redis;

using Xunit;

namespace Cascade.Integration.Tests.Storage;

/// <summary>The ledger log on a server.</summary>
public abstract class RedisLedgerLogTests(IRedisFixture server) : LedgerLogConformance, IAsyncLifetime
{
    private ConnectionMultiplexer? _connection;
    private RedisLedgerLog? _log;

    protected override ILedgerLog Log => _log!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        _log = new RedisLedgerLog(_connection, new StorageConfig());
    }

    public async ValueTask DisposeAsync()
    {
        await _connection!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Read_DamagedLine_NamesAccountAndNumber()
    {
        await Log.AppendAsync("damaged", 1, ["a"], Token);
        await _connection!.GetDatabase().ListRightPushAsync("cascade/ledger/{damaged}/0", "1 2 b 00000000");

        var fault = await Assert.ThrowsAsync<LedgerLogDamagedException>(() => Log.ReadAsync("damaged", 1, 10, Token));

        Assert.Equal(("damaged", 2), (fault.Account, fault.Sequence));
    }
}

public sealed class EmbeddedRedisLedgerLogTests(EmbeddedRedisFixture server)
    : RedisLedgerLogTests(server), IClassFixture<EmbeddedRedisFixture>;

public sealed class RedisServerLedgerLogTests(RedisServerFixture server)
    : RedisLedgerLogTests(server), IClassFixture<RedisServerFixture>;

/// <summary>Outcomes of repeated requests on a server.</summary>
public abstract class RedisReplayStoreTests(IRedisFixture server) : ReplayStoreConformance, IAsyncLifetime
{
    private ConnectionMultiplexer? _connection;
    private RedisReplayStore? _store;
    private static int _marks;

    protected override IReplayStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        _store = new RedisReplayStore(_connection, new StorageConfig());
    }

    public async ValueTask DisposeAsync()
    {
        await _connection!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    // The server's clock cannot be driven, so the test waits for it to say that the time has passed.
    protected override async Task PassAsync(TimeSpan span)
    {
        var mark = $"mark-{Interlocked.Increment(ref _marks)}-{GetType().Name}";
        await _connection!.GetDatabase().StringSetAsync(mark, "x", span);
        while (await _connection.GetDatabase().KeyExistsAsync(mark))
            await Task.Yield();
    }
}

public sealed class EmbeddedRedisReplayStoreTests(EmbeddedRedisFixture server)
    : RedisReplayStoreTests(server), IClassFixture<EmbeddedRedisFixture>;

public sealed class RedisServerReplayStoreTests(RedisServerFixture server)
    : RedisReplayStoreTests(server), IClassFixture<RedisServerFixture>;
