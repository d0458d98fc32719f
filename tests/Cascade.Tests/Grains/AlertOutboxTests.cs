using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class AlertOutboxTests : IDisposable
{
    private static readonly BudgetKey Acme = new(new AccountId("acme"));

    private readonly OutboxFixture _desk = new();
    private readonly AlertOutbox _outbox;

    public AlertOutboxTests() => _outbox = new AlertOutbox(Acme, _desk.Environment);

    [Fact]
    public void Stored_AlertsAmongTheEntries_AreToldInOrderWithTheirFigures()
    {
        Store(new LedgerRecord(), Alert(50, spent: 500), Alert(80, spent: 810), Entry(LedgerEntryKind.OverrideSet));

        Assert.Equal(["acme/1", "acme/2"], _desk.Sink.Taken.Select(a => a.Id));
        Assert.Equal([(50, 500L, 1_000L), (80, 810L, 1_000L)], _desk.Sink.Taken.Select(a => (a.Percent, a.SpentNanos, a.LimitNanos)));
    }

    [Fact]
    public void Put_AfterDelivery_KeepsOnlyWhatHasNotArrived()
    {
        var first = Store(new LedgerRecord(), Alert(50));
        _desk.Sink.IsAway = true;

        var second = Store(first, Alert(80));

        Assert.Equal((1L, 1), (first.FirstAlert, first.Alerts.Length));
        Assert.Equal((2L, 1), (second.FirstAlert, second.Alerts.Length));
    }

    [Fact]
    public void Put_WriteThatFails_TellsNothing()
    {
        _outbox.Put(new LedgerRecord(), [Alert(50)]);

        Assert.Empty(_desk.Sink.Tries);
    }

    [Fact]
    public void Deliver_SinkIsAway_IsTriedAgainWithLongerAndLongerPauses()
    {
        _desk.Sink.IsAway = true;
        Store(new LedgerRecord(), Alert(50));
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _desk.Sink.Tries.Count);
        _desk.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _desk.Sink.Tries.Count);
        _desk.Sink.IsAway = false;
        _desk.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("acme/1", Assert.Single(_desk.Sink.Taken).Id);
    }

    [Fact]
    public void Load_WhatTheLastDeskCouldNotTell_IsToldUnderTheSameId()
    {
        _desk.Sink.IsAway = true;
        var record = Store(new LedgerRecord(), Alert(50), Alert(80));
        _outbox.Close();
        _desk.Sink.IsAway = false;
        var next = new AlertOutbox(Acme, _desk.Environment);

        next.Load(record);

        Assert.Equal(["acme/1", "acme/2"], _desk.Sink.Taken.Select(a => a.Id));
    }

    [Fact]
    public void Close_WhileItIsTriedAgain_TriesNoMore()
    {
        _desk.Sink.IsAway = true;
        Store(new LedgerRecord(), Alert(50));

        _outbox.Close();
        _desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Single(_desk.Sink.Tries);
    }

    [Fact]
    public void Stored_MoreThanMayWait_GivesTheEldestUp()
    {
        _desk.Sink.IsAway = true;
        var record = new LedgerRecord();
        for (var i = 0; i < AlertOutbox.MaxWaiting + 3; i++)
        {
            record = Store(record, Alert(50));
        }

        Assert.Equal((4L, AlertOutbox.MaxWaiting), (record.FirstAlert, record.Alerts.Length));
        _desk.Sink.IsAway = false;
        _desk.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("acme/4", _desk.Sink.Taken[0].Id);
        Assert.Equal(AlertOutbox.MaxWaiting, _desk.Sink.Taken.Count);
    }

    [Fact]
    public async Task Settle_PastAThresholdOfOneLevel_TellsOfThatOne()
    {
        using var fixture = new AgentFixture(new TestModel().Account("acme", 1_000).Account("acme/key", 100).Build());
        await fixture.SpendAsync("acme/key", "a", 60, 55);

        await fixture.Agent.TendAsync(giveAllBack: false);

        var alert = Assert.Single(fixture.Alerts.Taken);
        Assert.Equal(("acme/key", 50, 55L, 100L), (alert.Budget.ToString(), alert.Percent, alert.SpentNanos, alert.LimitNanos));
    }

    public void Dispose() => _desk.Dispose();

    private LedgerRecord Store(LedgerRecord record, params ImmutableArray<LedgerEntry> entries)
    {
        var next = _outbox.Put(record, entries);
        _outbox.Stored(next);
        return next;
    }

    private LedgerEntry Alert(int percent, long spent = 500) => Entry(LedgerEntryKind.Alerted) with
    {
        Percent = percent,
        Amount = new Money(spent),
        Upper = new Money(1_000),
        Window = WindowKind.Total,
        Mode = CapMode.Hard,
    };

    private LedgerEntry Entry(LedgerEntryKind kind) => new()
    {
        Kind = kind,
        OperationId = "op",
        RecordedAt = _desk.Time.GetUtcNow(),
        At = _desk.Time.GetUtcNow(),
    };
}
