using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.Storage.Redis;
using Cascade.TestKit.Processes;

using Microsoft.Extensions.Logging.Abstractions;

using StackExchange.Redis;

using Xunit;

namespace Cascade.Integration.Tests.Storage;

/// <summary>What callers learn when the server does not answer.</summary>
public sealed class JournalOutageTests : IAsyncLifetime
{
    private static readonly JournalKey Key = new("acme", "lease-1");

    private RedisServer? _server;
    private ConnectionMultiplexer? _connection;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync("always", Token);
        _connection = await ConnectionMultiplexer.ConnectAsync(
            RedisConnections.Options(Config(1_000) with { RedisConnection = _server.ConnectionString }, "test"));
    }

    public async ValueTask DisposeAsync()
    {
        await _connection!.DisposeAsync();
        await _server!.DisposeAsync();
    }

    [Fact]
    public async Task Append_ServerHangs_OutcomeIsUnknownAndTheEntryMayStillArrive()
    {
        await using var journal = Create(Config(queueLimit: 1_000));
        await journal.OpenAsync(Key, Token);
        await journal.AppendAsync(Key, Entry("before"), Token);
        _server!.Freeze();

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Key, Entry("hung"), Token));

        _server.Thaw();
        var contents = await SealOnceReachableAsync(journal);
        Assert.Equal(["before", "hung"], contents.Entries.Select(entry => entry.AttemptId));
    }

    [Fact]
    public async Task Append_ServerDiesAndComesBack_KeepsWhatItAcknowledgedAndGoesOn()
    {
        await using var journal = Create(Config(queueLimit: 1_000));
        await journal.OpenAsync(Key, Token);
        Assert.Equal(AppendStatus.Appended, await journal.AppendAsync(Key, Entry("before"), Token));
        await _server!.KillAsync(Token);

        var fault = await Assert.ThrowsAsync<JournalUnavailableException>(
            async () => await journal.AppendAsync(Key, Entry("during"), Token));
        Assert.Equal(Key, fault.Key);
        Assert.Contains("unknown", fault.Message, StringComparison.Ordinal);

        await _server.RestartAsync(Token);
        var contents = await SealOnceReachableAsync(journal);
        Assert.Equal("before", contents.Entries[0].AttemptId);
        Assert.Equal(AppendStatus.Fenced, await journal.AppendAsync(Key, Entry("after"), Token));
    }

    [Fact]
    public async Task Append_OutcomeUnknownAndTriedAgain_IsInTheStreamOnceAndBeforeWhatFollows()
    {
        await using var journal = Create(Config(queueLimit: 1_000));
        await journal.OpenAsync(Key, Token);
        await journal.AppendAsync(Key, Entry("before"), Token);
        _server!.Freeze();
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Key, Entry("hung"), Token));
        _server.Thaw();

        Assert.Equal(AppendStatus.Appended, await journal.AppendAsync(Key, Entry("after"), Token));

        var contents = await SealOnceReachableAsync(journal);
        Assert.Equal(["before", "hung", "after"], contents.Entries.Select(entry => entry.AttemptId));
    }

    [Fact]
    public async Task Append_OutcomeUnknownAndNothingFollows_IsWrittenOnceTheServerIsBack()
    {
        await using var journal = Create(Config(queueLimit: 1));
        await journal.OpenAsync(Key, Token);
        await journal.AppendAsync(Key, Entry("before"), Token);
        await _server!.KillAsync(Token);
        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await journal.AppendAsync(Key, Entry("lost"), Token));

        // The line keeps the only room there is until its outcome is known.
        await Assert.ThrowsAsync<JournalQueueFullException>(async () => await journal.AppendAsync(Key, Entry("refused"), Token));
        await _server.RestartAsync(Token);
        while (await TryAppendAsync(journal) is not AppendStatus.Appended)
            Token.ThrowIfCancellationRequested();

        var contents = await SealOnceReachableAsync(journal);
        Assert.Equal(["before", "lost"], contents.Entries.Take(2).Select(entry => entry.AttemptId));
        Assert.DoesNotContain(contents.Entries, entry => entry.AttemptId == "refused");
    }

    [Fact]
    public async Task Append_QueueFull_IsRefusedAndWritesNothing()
    {
        await using var journal = Create(Config(queueLimit: 4) with { JournalBatchLimit = 1 });
        await journal.OpenAsync(Key, Token);
        _server!.Freeze();

        var appends = Enumerable.Range(0, 50).Select(i => journal.AppendAsync(Key, Entry($"a{i}"), Token).AsTask()).ToArray();
        var refused = appends.Where(append => append.Exception?.InnerException is JournalQueueFullException).ToArray();
        _server.Thaw();
        var taken = await Task.WhenAll(appends.Except(refused).Select(SettleAsync));

        Assert.InRange(refused.Length, 44, 46);
        var contents = await SealOnceReachableAsync(journal);
        Assert.InRange(contents.Entries.Length, taken.Count(appended => appended), taken.Length);
    }

    private static async Task<AppendStatus> TryAppendAsync(RedisUsageJournal journal)
    {
        try
        {
            return await journal.AppendAsync(Key, Entry("next"), Token);
        }
        catch (Exception fault) when (fault is JournalQueueFullException or JournalUnavailableException)
        {
            await Task.Yield();
            return AppendStatus.None;
        }
    }

    private static async Task<bool> SettleAsync(Task<AppendStatus> append)
    {
        try
        {
            return await append == AppendStatus.Appended;
        }
        catch (JournalUnavailableException)
        {
            return false;
        }
    }

    private static StorageConfig Config(int queueLimit) =>
        new() { JournalQueueLimit = queueLimit, CommandTimeout = TimeSpan.FromSeconds(1) };

    private static JournalEntry Entry(string attempt) => new()
    {
        Kind = JournalEntryKind.Intent,
        AttemptId = attempt,
        At = DateTimeOffset.UnixEpoch,
    };

    private static async Task<JournalContents> SealOnceReachableAsync(RedisUsageJournal journal)
    {
        while (true)
        {
            try
            {
                return await journal.SealAsync(Key, Token);
            }
            catch (JournalUnavailableException)
            {
                Token.ThrowIfCancellationRequested();
            }
        }
    }

    private RedisUsageJournal Create(StorageConfig config) => new(_connection!, _connection!, config, NullLogger<RedisUsageJournal>.Instance);
}
