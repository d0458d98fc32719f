using System.Collections.Concurrent;
using System.Collections.Immutable;

using Cascade.Storage.Journal;

using Xunit;

namespace Cascade.TestKit.Storage;

/// <summary>What every usage journal must do. A test class derives from it for each implementation.</summary>
public abstract class UsageJournalConformance
{
    private static int _leases;

    /// <summary>The journal under test.</summary>
    protected abstract IUsageJournal Journal { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A stream that no other test uses.</summary>
    protected static JournalKey NextKey() => new("acme/search", $"lease-{Interlocked.Increment(ref _leases)}");

    /// <summary>A plain entry.</summary>
    /// <param name="attempt">Its attempt.</param>
    protected static JournalEntry Entry(string attempt) => new()
    {
        Kind = JournalEntryKind.Intent,
        AttemptId = attempt,
        At = new DateTimeOffset(2026, 3, 1, 12, 30, 15, 125, TimeSpan.Zero).AddTicks(7),
        Endpoint = "openai/gpt-4o-mini@eastus",
        LowerNanos = 1,
        UpperNanos = 250_000,
    };

    [Fact]
    public async Task Append_OneAfterAnother_SealGivesThemInOrder()
    {
        var key = await OpenAsync();
        for (var i = 0; i < 20; i++)
            Assert.Equal(AppendStatus.Appended, await Journal.AppendAsync(key, Entry($"a{i}"), Token));

        var contents = await Journal.SealAsync(key, Token);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => Entry($"a{i}")), contents.Entries);
    }

    [Fact]
    public async Task Append_EveryKindAndField_ComesBackAsItWas()
    {
        var key = new JournalKey("acme/{team} ü", $"{NextKey().LeaseId} {{x}} /:");
        await Journal.OpenAsync(key, Token);
        JournalEntry[] entries =
        [
            Entry("a 1\n%20") with { Endpoint = "über/model {2}@east us", Purpose = "judge = x" },
            Entry("a2") with { Kind = JournalEntryKind.Settle, Endpoint = "", InputTokens = long.MaxValue, OutputTokens = 7, CachedTokens = 5, ReasoningTokens = 6 },
            Entry("a3") with { Kind = JournalEntryKind.Void, Endpoint = "-", LowerNanos = 0, UpperNanos = 0 },
            Entry("a4") with { Kind = JournalEntryKind.Unconfirmed, UpperNanos = long.MaxValue, At = DateTimeOffset.MaxValue },
        ];
        foreach (var entry in entries)
            Assert.Equal(AppendStatus.Appended, await Journal.AppendAsync(key, entry, Token));

        Assert.Equal(entries, (await Journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task Append_From64Writers_KeepsAllAndTheOrderOfEach()
    {
        const int writers = 64;
        const int each = 50;
        var key = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (var i = 0; i < each; i++)
                Assert.Equal(AppendStatus.Appended, await Journal.AppendAsync(key, Entry($"w{writer}-{i}"), Token));
        }));

        var contents = await Journal.SealAsync(key, Token);
        Assert.Equal(writers * each, contents.Entries.Length);
        for (var writer = 0; writer < writers; writer++)
        {
            var own = contents.Entries.Select(e => e.AttemptId).Where(id => id.StartsWith($"w{writer}-", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, each).Select(i => $"w{writer}-{i}"), own);
        }
    }

    [Fact]
    public async Task Append_StreamNeverOpened_IsFenced() =>
        Assert.Equal(AppendStatus.Fenced, await Journal.AppendAsync(NextKey(), Entry("a"), Token));

    [Fact]
    public async Task Append_AlreadyCancelled_WritesNothing()
    {
        var key = await OpenAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Journal.AppendAsync(key, Entry("a"), new CancellationToken(canceled: true)));

        Assert.Empty((await Journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task Append_AfterSeal_IsFencedAndLeavesNoTrace()
    {
        var key = await OpenAsync();
        await Journal.AppendAsync(key, Entry("before"), Token);
        await Journal.SealAsync(key, Token);

        Assert.Equal(AppendStatus.Fenced, await Journal.AppendAsync(key, Entry("after"), Token));

        Assert.Equal([Entry("before")], (await Journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task AppendToMany_OpenStreams_PutsTheEntryInEach()
    {
        ImmutableArray<JournalKey> keys = [await OpenAsync(), await OpenAsync(), await OpenAsync()];

        for (var i = 0; i < 5; i++)
        {
            var statuses = await Journal.AppendAsync(keys, Entry($"a{i}"), i % 2 == 0 ? AppendHaste.Now : AppendHaste.Batched, Token);
            Assert.Equal([AppendStatus.Appended, AppendStatus.Appended, AppendStatus.Appended], statuses);
        }

        foreach (var key in keys)
            Assert.Equal(Enumerable.Range(0, 5).Select(i => Entry($"a{i}")), (await Journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task AppendToMany_OneIsSealed_SaysWhichAndTheOthersHaveIt()
    {
        ImmutableArray<JournalKey> keys = [await OpenAsync(), await OpenAsync(), NextKey()];
        await Journal.SealAsync(keys[0], Token);

        var statuses = await Journal.AppendAsync(keys, Entry("a"), AppendHaste.Now, Token);

        Assert.Equal([AppendStatus.Fenced, AppendStatus.Appended, AppendStatus.Fenced], statuses);
        Assert.Empty((await Journal.SealAsync(keys[0], Token)).Entries);
        Assert.Equal([Entry("a")], (await Journal.SealAsync(keys[1], Token)).Entries);
    }

    [Fact]
    public async Task AppendToMany_MixedWithSingleAppends_KeepsTheOrderOfEachCaller()
    {
        var shared = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            var own = await OpenAsync();
            for (var i = 0; i < 20; i++)
            {
                await Journal.AppendAsync([own, shared], Entry($"w{writer}-{i}-intent"), AppendHaste.Now, Token);
                await Journal.AppendAsync(shared, Entry($"w{writer}-{i}-end"), Token);
            }

            Assert.Equal(20, (await Journal.SealAsync(own, Token)).Entries.Length);
        }));

        var contents = await Journal.SealAsync(shared, Token);
        Assert.Equal(16 * 40, contents.Entries.Length);
        for (var writer = 0; writer < 16; writer++)
        {
            var own = contents.Entries.Select(e => e.AttemptId).Where(id => id.StartsWith($"w{writer}-", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => new[] { $"w{writer}-{i}-intent", $"w{writer}-{i}-end" }), own);
        }
    }

    [Fact]
    public async Task AppendToMany_NoStreamOrOneTwice_IsABug()
    {
        var key = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.AppendAsync([], Entry("a"), AppendHaste.Now, Token));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Journal.AppendAsync([key, key], Entry("a"), AppendHaste.Now, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Journal.AppendAsync([key], Entry("a"), AppendHaste.None, Token));
        Assert.Empty((await Journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task Seal_WhileWritersAppend_ContainsExactlyWhatWasAcknowledged()
    {
        for (var round = 0; round < 10; round++)
        {
            var key = await OpenAsync();
            var acknowledged = new ConcurrentBag<string>();
            var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, 64).Select(w => Task.Run(() => AppendUntilFencedAsync(key, w, acknowledged, busy), Token));
            var all = Task.WhenAll(writers.ToArray());

            await busy.Task.WaitAsync(Token);
            var contents = await Journal.SealAsync(key, Token);
            await all;

            Assert.Equal(acknowledged.Order(StringComparer.Ordinal), contents.Entries.Select(e => e.AttemptId).Order(StringComparer.Ordinal));
            Assert.True(contents.Entries.Length >= 100, $"the seal came before the writers: {contents.Entries.Length} entries");
        }
    }

    [Fact]
    public async Task Seal_Twice_GivesTheSameContents()
    {
        var key = await OpenAsync();
        await Journal.AppendAsync(key, Entry("a"), Token);

        var first = await Journal.SealAsync(key, Token);
        var second = await Journal.SealAsync(key, Token);

        Assert.Equal([Entry("a")], first.Entries);
        Assert.Equal(first.Entries, second.Entries);
    }

    [Fact]
    public async Task Seal_ByManyAtOnce_GivesAllTheSameContents()
    {
        var key = await OpenAsync();
        await Journal.AppendAsync(key, Entry("a"), Token);

        var seals = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Journal.SealAsync(key, Token), Token)));

        Assert.All(seals, contents => Assert.Equal([Entry("a")], contents.Entries));
    }

    [Fact]
    public async Task Seal_NeverOpened_IsEmptyAndFencesALaterOpen()
    {
        var key = NextKey();

        Assert.Empty((await Journal.SealAsync(key, Token)).Entries);
        await Journal.OpenAsync(key, Token);

        Assert.Equal(AppendStatus.Fenced, await Journal.AppendAsync(key, Entry("late"), Token));
        Assert.Empty((await Journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task Seal_RacingWithOpen_FencesWhicheverWins()
    {
        for (var round = 0; round < 100; round++)
        {
            var key = NextKey();
            var seal = Task.Run(() => Journal.SealAsync(key, Token), Token);
            await Task.WhenAll(seal, Task.Run(() => Journal.OpenAsync(key, Token), Token));

            Assert.Equal(AppendStatus.Fenced, await Journal.AppendAsync(key, Entry("late"), Token));
        }
    }

    [Fact]
    public async Task Seal_StreamOfManyPages_GivesEveryEntryInOrder()
    {
        const int count = 10_000;
        var key = await OpenAsync();
        var appends = Enumerable.Range(0, count).Select(i => Journal.AppendAsync(key, Entry($"a{i}"), Token).AsTask());
        Assert.All(await Task.WhenAll(appends), status => Assert.Equal(AppendStatus.Appended, status));

        var contents = await Journal.SealAsync(key, Token);

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"a{i}"), contents.Entries.Select(e => e.AttemptId));
    }

    [Fact]
    public async Task Open_AnOpenStream_KeepsItsEntries()
    {
        var key = await OpenAsync();
        await Journal.AppendAsync(key, Entry("a"), Token);

        await Journal.OpenAsync(key, Token);

        Assert.Equal([Entry("a")], (await Journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task Open_AnArchivedStream_DoesNotReviveIt()
    {
        var key = await OpenAsync();
        await Journal.AppendAsync(key, Entry("a"), Token);
        await Journal.SealAsync(key, Token);
        await Journal.ArchiveAsync(key, Token);

        await Journal.OpenAsync(key, Token);

        Assert.Equal(AppendStatus.Fenced, await Journal.AppendAsync(key, Entry("late"), Token));
        Assert.Equal([Entry("a")], (await Journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task Archive_AnOpenStream_IsRefusedAsABug()
    {
        var key = await OpenAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Journal.ArchiveAsync(key, Token));

        Assert.Equal(AppendStatus.Appended, await Journal.AppendAsync(key, Entry("a"), Token));
    }

    [Fact]
    public async Task Archive_AStreamThatIsGone_DoesNothing() => await Journal.ArchiveAsync(NextKey(), Token);

    private async Task<JournalKey> OpenAsync()
    {
        var key = NextKey();
        await Journal.OpenAsync(key, Token);
        return key;
    }

    private async Task AppendUntilFencedAsync(
        JournalKey key, int writer, ConcurrentBag<string> acknowledged, TaskCompletionSource busy)
    {
        for (var i = 0; ; i++)
        {
            if (await Journal.AppendAsync(key, Entry($"w{writer}-{i}"), Token) != AppendStatus.Appended)
                return;
            // A journal in memory never waits, and must not keep the seal from its turn.
            await Task.Yield();
            acknowledged.Add($"w{writer}-{i}");
            if (acknowledged.Count >= 100)
                busy.TrySetResult();
        }
    }
}
