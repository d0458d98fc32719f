using System.Collections.Immutable;

using Cascade.Storage.Ledger;

using Xunit;

namespace Cascade.TestKit.Storage;

/// <summary>What every ledger log must do. A test class derives from it for each implementation.</summary>
public abstract class LedgerLogConformance
{
    private static int _accounts;

    /// <summary>The log under test.</summary>
    protected abstract ILedgerLog Log { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An account that no other test uses.</summary>
    protected static string NextAccount() => $"acme/{{team}} ü/{Interlocked.Increment(ref _accounts)}#openai/gpt-4o";

    [Fact]
    public async Task Append_OneBatchAfterAnother_ReadsThemInOrder()
    {
        var account = NextAccount();
        Assert.Equal(LogAppendStatus.Appended, await Log.AppendAsync(account, 1, ["a", "b ü {x}"], Token));
        Assert.Equal(LogAppendStatus.Appended, await Log.AppendAsync(account, 3, ["c"], Token));

        Assert.Equal([new LogEntry(1, "a"), new LogEntry(2, "b ü {x}"), new LogEntry(3, "c")], await Log.ReadAsync(account, 1, 100, Token));
        Assert.Equal([new LogEntry(2, "b ü {x}")], await Log.ReadAsync(account, 2, 1, Token));
        Assert.Empty(await Log.ReadAsync(account, 4, 100, Token));
        Assert.Equal(3, await Log.CountAsync(account, Token));
    }

    [Fact]
    public async Task Append_TheSameAgain_AddsNothing()
    {
        var account = NextAccount();
        await Log.AppendAsync(account, 1, ["a", "b"], Token);

        Assert.Equal(LogAppendStatus.Appended, await Log.AppendAsync(account, 1, ["a", "b"], Token));
        Assert.Equal(LogAppendStatus.Appended, await Log.AppendAsync(account, 2, ["b", "c"], Token));
        Assert.Equal(LogAppendStatus.Appended, await Log.AppendAsync(account, 1, ["a"], Token));

        Assert.Equal(["a", "b", "c"], (await Log.ReadAsync(account, 1, 100, Token)).Select(e => e.Text));
    }

    [Fact]
    public async Task Append_BeyondTheEnd_IsAGap()
    {
        var account = NextAccount();

        Assert.Equal(LogAppendStatus.Gap, await Log.AppendAsync(account, 2, ["b"], Token));
        await Log.AppendAsync(account, 1, ["a"], Token);
        Assert.Equal(LogAppendStatus.Gap, await Log.AppendAsync(account, 3, ["c"], Token));

        Assert.Equal(1, await Log.CountAsync(account, Token));
    }

    [Fact]
    public async Task Append_AnotherEntryUnderATakenNumber_IsAConflict()
    {
        var account = NextAccount();
        await Log.AppendAsync(account, 1, ["a", "b"], Token);

        Assert.Equal(LogAppendStatus.Conflict, await Log.AppendAsync(account, 2, ["other", "c"], Token));

        Assert.Equal(["a", "b"], (await Log.ReadAsync(account, 1, 100, Token)).Select(e => e.Text));
    }

    [Fact]
    public async Task Append_AcrossManySegments_ReadsAndCountsThem()
    {
        const int count = 9_000;
        var account = NextAccount();
        var texts = Enumerable.Range(1, count).Select(i => $"e{i}").ToImmutableArray();
        for (var done = 0; done < count; done += 1_000)
            Assert.Equal(LogAppendStatus.Appended, await Log.AppendAsync(account, done + 1, texts[done..(done + 1_000)], Token));

        Assert.Equal(count, await Log.CountAsync(account, Token));
        Assert.Equal(texts.AsEnumerable(), (await Log.ReadAsync(account, 1, 65_536, Token)).Select(e => e.Text));
        Assert.Equal([4_096L, 4_097L, 4_098L], (await Log.ReadAsync(account, 4_096, 3, Token)).Select(e => e.Sequence));
        Assert.Equal(LogAppendStatus.Gap, await Log.AppendAsync(account, 12_289, ["far"], Token));
        Assert.Equal(LogAppendStatus.Appended, await Log.AppendAsync(account, 4_000, texts[3_999..5_000], Token));
    }

    [Fact]
    public async Task Append_ByManyAtOnce_LetsOneHistoryWin()
    {
        var account = NextAccount();
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(
            () => Log.AppendAsync(account, 1, [$"w{writer}-1", $"w{writer}-2"], Token), Token)));

        Assert.Single(results, status => status == LogAppendStatus.Appended);
        Assert.Equal(15, results.Count(status => status == LogAppendStatus.Conflict));
        Assert.Equal(2, await Log.CountAsync(account, Token));
    }

    [Fact]
    public async Task Accounts_ThatHaveEntries_AreListed()
    {
        string[] mine = [NextAccount(), NextAccount()];
        foreach (var account in mine)
            await Log.AppendAsync(account, 1, ["a"], Token);

        var listed = new HashSet<string>();
        await foreach (var account in Log.AccountsAsync(Token))
            listed.Add(account);

        Assert.Superset(mine.ToHashSet(), listed);
    }

    [Fact]
    public async Task Append_NotAnEntry_IsABug()
    {
        var account = NextAccount();

        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync(account, 0, ["a"], Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync(account, 1, ["a\nb"], Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync(account, 1, [""], Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.AppendAsync("", 1, ["a"], Token));
        Assert.Equal(0, await Log.CountAsync(account, Token));
    }
}
