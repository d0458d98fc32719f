using Cascade.Storage.Journal;
using Cascade.TestKit.Storage;

using Microsoft.Extensions.Time.Testing;

using Xunit;

namespace Cascade.Tests.Storage;

public sealed class InMemoryUsageJournalTests : UsageJournalConformance
{
    private readonly InMemoryUsageJournal _journal = new();

    protected override IUsageJournal Journal => _journal;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FailNext_Append_ThrowsAndChangesNothing()
    {
        var key = NextKey();
        await _journal.OpenAsync(key, Token);
        _journal.FailNext();

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await _journal.AppendAsync(key, Entry("a"), Token));
        Assert.Equal(AppendStatus.Appended, await _journal.AppendAsync(key, Entry("b"), Token));

        Assert.Equal([Entry("b")], (await _journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task LoseNextReply_Append_ThrowsAndIsInTheStream()
    {
        var key = NextKey();
        await _journal.OpenAsync(key, Token);
        _journal.LoseNextReply();

        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await _journal.AppendAsync(key, Entry("a"), Token));

        Assert.Equal([Entry("a")], (await _journal.SealAsync(key, Token)).Entries);
    }

    [Fact]
    public async Task Seal_AfterTheRetention_IsEmpty()
    {
        var clock = new FakeTimeProvider();
        var journal = new InMemoryUsageJournal(clock, TimeSpan.FromDays(35));
        var key = NextKey();
        await journal.OpenAsync(key, Token);
        await journal.AppendAsync(key, Entry("a"), Token);
        await journal.SealAsync(key, Token);
        await journal.ArchiveAsync(key, Token);

        clock.Advance(TimeSpan.FromDays(34));
        Assert.Single((await journal.SealAsync(key, Token)).Entries);
        clock.Advance(TimeSpan.FromDays(1));

        Assert.Empty((await journal.SealAsync(key, Token)).Entries);
    }
}
