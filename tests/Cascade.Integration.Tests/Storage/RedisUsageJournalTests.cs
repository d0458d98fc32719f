using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.Storage.Redis;
using Cascade.TestKit.Storage;

using Microsoft.Extensions.Logging.Abstractions;

using StackExchange.Redis;

using Xunit;

namespace Cascade.Integration.Tests.Storage;

/// <summary>The journal on a server: what every journal does, and what only a stored stream can do.</summary>
public abstract class RedisUsageJournalTests(IRedisFixture server) : UsageJournalConformance, IAsyncLifetime
{
    private static readonly StorageConfig Config = new() { JournalPageSize = 1_000, JournalRetention = TimeSpan.FromDays(3) };

    private ConnectionMultiplexer? _connection;
    private RedisUsageJournal? _journal;

    protected override IUsageJournal Journal => _journal!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        _journal = Create(Config);
    }

    public async ValueTask DisposeAsync()
    {
        await _journal!.DisposeAsync();
        await _connection!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Archive_SealedStream_IsDroppedByTheServerAfterTheRetention()
    {
        var key = NextKey();
        var keys = JournalKeys.Of(Config.ServiceId, key);
        await Journal.OpenAsync(key, Token);
        await Journal.SealAsync(key, Token);
        Assert.Null(await _connection!.GetDatabase().KeyTimeToLiveAsync(keys.Sealed));

        await Journal.ArchiveAsync(key, Token);

        var left = await _connection.GetDatabase().KeyTimeToLiveAsync(keys.Sealed);
        Assert.InRange(left!.Value, TimeSpan.FromDays(3) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(3));
    }

    [Theory]
    [InlineData("2 I 2 a1 0 - - 1 2 0 0 0 0 00000000", "checksum")]
    [InlineData("", "checksum")]
    [InlineData("2 V 3 a1 0 - - 0 0 0 0 0 0 4c22ddf6", "lines are missing")]
    [InlineData("2 V 1 a1 0 - - 0 0 0 0 0 0 62721476", "belongs to another entry")]
    public async Task Seal_DamagedLine_NamesStreamAndPosition(string line, string reason)
    {
        var key = NextKey();
        await Journal.OpenAsync(key, Token);
        await Journal.AppendAsync(key, Entry("a1"), Token);
        await _connection!.GetDatabase().ListRightPushAsync(JournalKeys.Of(Config.ServiceId, key).Open, line);

        var fault = await Assert.ThrowsAsync<JournalDamagedException>(() => Journal.SealAsync(key, Token));

        Assert.Equal(key, fault.Key);
        Assert.Equal(2, fault.Position);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_ByAWriterThatDidNotBeginTheStream_GoesOnWithItsNumbers()
    {
        var key = NextKey();
        await Journal.OpenAsync(key, Token);
        for (var i = 0; i < 3; i++)
        {
            await using var journal = Create(Config);
            Assert.Equal(AppendStatus.Appended, await journal.AppendAsync(key, Entry($"a{i}"), Token));
        }

        Assert.Equal(["a0", "a1", "a2"], (await Journal.SealAsync(key, Token)).Entries.Select(e => e.AttemptId));
    }

    [Fact]
    public async Task Append_StreamWhoseEndIsDamaged_IsFenced()
    {
        var key = NextKey();
        await Journal.OpenAsync(key, Token);
        await _connection!.GetDatabase().ListRightPushAsync(JournalKeys.Of(Config.ServiceId, key).Open, "nonsense");

        Assert.Equal(AppendStatus.Fenced, await Journal.AppendAsync(key, Entry("a"), Token));

        await Assert.ThrowsAsync<JournalDamagedException>(() => Journal.SealAsync(key, Token));
    }

    [Fact]
    public async Task Append_ManyStreams_ForgetsIdleOnesAndStillGoesOnWithThem()
    {
        var first = NextKey();
        await Journal.OpenAsync(first, Token);
        await Journal.AppendAsync(first, Entry("a1"), Token);

        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => Journal.AppendAsync(NextKey(), Entry("x"), Token).AsTask()));
        await Journal.AppendAsync(first, Entry("a2"), Token);

        Assert.Equal([Entry("a1"), Entry("a2")], (await Journal.SealAsync(first, Token)).Entries);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(14)]
    public async Task Seal_StreamThatEndsNearAPage_LosesNothing(int count)
    {
        await using var journal = Create(Config with { JournalPageSize = 7 });
        var key = NextKey();
        await journal.OpenAsync(key, Token);
        for (var i = 0; i < count; i++)
            await journal.AppendAsync(key, Entry($"a{i}"), Token);

        Assert.Equal(count, (await journal.SealAsync(key, Token)).Entries.Length);
    }

    [Fact]
    public async Task Dispose_WhileAppendsWait_SendsThemAllThenRefuses()
    {
        var key = NextKey();
        await Journal.OpenAsync(key, Token);
        var journal = Create(Config with { JournalBatchLimit = 10 });
        var appends = Enumerable.Range(0, 500).Select(i => journal.AppendAsync(key, Entry($"a{i}"), Token).AsTask()).ToArray();

        await journal.DisposeAsync();

        Assert.All(await Task.WhenAll(appends), status => Assert.Equal(AppendStatus.Appended, status));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await journal.AppendAsync(key, Entry("late"), Token));
        Assert.Equal(500, (await Journal.SealAsync(key, Token)).Entries.Length);
    }

    private RedisUsageJournal Create(StorageConfig config) => new(_connection!, _connection!, config, NullLogger<RedisUsageJournal>.Instance);
}
