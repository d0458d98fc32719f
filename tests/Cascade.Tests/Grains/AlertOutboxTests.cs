using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Hosting;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;
using Cascade.TestKit.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class AlertOutboxTests : IDisposable
{
    private static readonly BudgetKey Acme = new(new AccountId("acme"));

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeAlertSink _sink = new();
    private readonly DeskEnvironment _environment;
    private readonly AlertOutbox _outbox;

    public AlertOutboxTests()
    {
        _environment = new DeskEnvironment
        {
            Time = _time,
            Options = new CascadeOptions(),
            Ids = new FakeIds(),
            Journal = new InMemoryUsageJournal(),
            Log = new InMemoryLedgerLog(),
            Holders = null!,
            Liveness = null!,
            Alerts = _sink,
            Instruments = new CascadeInstruments(_services.GetRequiredService<IMeterFactory>()),
            Logger = NullLogger.Instance,
        };
        _outbox = new AlertOutbox(Acme, _environment);
    }

    [Fact]
    public void Stored_AlertsAmongTheEntries_AreToldInOrderWithTheirFigures()
    {
        Store(new LedgerRecord(), Alert(50, spent: 500), Alert(80, spent: 810), Entry(LedgerEntryKind.OverrideSet));

        Assert.Equal(["acme/1", "acme/2"], _sink.Taken.Select(a => a.Id));
        Assert.Equal([(50, 500L, 1_000L), (80, 810L, 1_000L)], _sink.Taken.Select(a => (a.Percent, a.SpentNanos, a.LimitNanos)));
    }

    [Fact]
    public void Put_AfterDelivery_KeepsOnlyWhatHasNotArrived()
    {
        var first = Store(new LedgerRecord(), Alert(50));
        _sink.IsAway = true;

        var second = Store(first, Alert(80));

        Assert.Equal((1L, 1), (first.FirstAlert, first.Alerts.Length));
        Assert.Equal((2L, 1), (second.FirstAlert, second.Alerts.Length));
    }

    [Fact]
    public void Put_WriteThatFails_TellsNothing()
    {
        _outbox.Put(new LedgerRecord(), [Alert(50)]);

        Assert.Empty(_sink.Tries);
    }

    [Fact]
    public void Deliver_SinkIsAway_IsTriedAgainWithLongerAndLongerPauses()
    {
        _sink.IsAway = true;
        Store(new LedgerRecord(), Alert(50));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _sink.Tries.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _sink.Tries.Count);
        _sink.IsAway = false;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("acme/1", Assert.Single(_sink.Taken).Id);
    }

    [Fact]
    public void Load_WhatTheLastDeskCouldNotTell_IsToldUnderTheSameId()
    {
        _sink.IsAway = true;
        var record = Store(new LedgerRecord(), Alert(50), Alert(80));
        _outbox.Close();
        _sink.IsAway = false;
        var next = new AlertOutbox(Acme, _environment);

        next.Load(record);

        Assert.Equal(["acme/1", "acme/2"], _sink.Taken.Select(a => a.Id));
    }

    [Fact]
    public void Close_WhileItIsTriedAgain_TriesNoMore()
    {
        _sink.IsAway = true;
        Store(new LedgerRecord(), Alert(50));

        _outbox.Close();
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Single(_sink.Tries);
    }

    [Fact]
    public void Stored_MoreThanMayWait_GivesTheEldestUp()
    {
        _sink.IsAway = true;
        var record = new LedgerRecord();
        for (var i = 0; i < AlertOutbox.MaxWaiting + 3; i++)
        {
            record = Store(record, Alert(50));
        }

        Assert.Equal((4L, AlertOutbox.MaxWaiting), (record.FirstAlert, record.Alerts.Length));
        _sink.IsAway = false;
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("acme/4", _sink.Taken[0].Id);
        Assert.Equal(AlertOutbox.MaxWaiting, _sink.Taken.Count);
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

    public void Dispose() => _services.Dispose();

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
        RecordedAt = _time.GetUtcNow(),
        At = _time.GetUtcNow(),
    };

    private sealed class FakeIds : Cascade.Grains.Identity.IIdSource
    {
        private int _next;

        public string Next() => $"id-{++_next}";
    }
}
