using Cascade.Budgets;
using Cascade.Grains.Budgets;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class LedgerOutboxTests : IDisposable
{
    private const string Acme = "acme";

    private readonly OutboxFixture _desk = new();
    private readonly LedgerOutbox _outbox;

    public LedgerOutboxTests() => _outbox = new LedgerOutbox(Acme, _desk.Environment);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stored_LogIsAway_IsSentAgainWithoutAnotherWrite()
    {
        _desk.Log.FailNext(2);
        Store(new LedgerRecord());
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        var early = await CountAsync();
        _desk.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((0, 1), (early, await CountAsync()));
    }

    [Fact]
    public async Task Stored_ReplyIsLost_TheSecondSendingAddsNothing()
    {
        _desk.Log.LoseNextReply();
        Store(new LedgerRecord());
        _desk.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Close_WhatTheLogHasNotTaken_IsSentOnceMore()
    {
        _desk.Log.FailNext();
        Store(new LedgerRecord());

        await _outbox.CloseAsync();

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Close_LogStaysAway_TriesNoMoreAndTheNextDeskSendsIt()
    {
        _desk.Log.FailNext(2);
        var record = Store(new LedgerRecord());
        await _outbox.CloseAsync();
        _desk.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await CountAsync());
        var next = new LedgerOutbox(Acme, _desk.Environment);

        next.Load(record, LedgerState.Empty, _desk.Time.GetUtcNow(), _desk.Environment.Ids);

        Assert.Equal(1, await CountAsync());
    }

    public void Dispose() => _desk.Dispose();

    private Task<long> CountAsync() => _desk.Log.CountAsync(Acme, Ct);

    private LedgerRecord Store(LedgerRecord before)
    {
        var now = _desk.Time.GetUtcNow();
        var record = _outbox.Put(before, [new LedgerEntry { Kind = LedgerEntryKind.OverrideSet, OperationId = "op", RecordedAt = now, At = now }]);
        _outbox.Stored(record);
        return record;
    }
}
