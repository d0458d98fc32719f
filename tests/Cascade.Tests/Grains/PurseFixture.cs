using System.Diagnostics.Metrics;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>
/// A purse, its grain and a clock that only the test moves. The grain answers within the call and the clock fires within
/// <see cref="FakeTimeProvider.Advance"/>, so what a test brings about has happened when its line is done.
/// </summary>
internal sealed class PurseFixture : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CascadeInstruments _instruments;

    public PurseFixture(long capNanos = 1_000, Action<CascadeOptions>? configure = null)
    {
        configure?.Invoke(Options);
        Grain = new FakeBudgetGrain(Time, capNanos);
        _instruments = new CascadeInstruments(_services.GetRequiredService<IMeterFactory>());
        Purse = new Purse(new BudgetKey(new AccountId("acme")), new PurseEnvironment
        {
            Silo = SiloAddress.FromParsableString("127.0.0.1:11111@1"),
            Time = Time,
            Options = Options,
            Ids = new CountingIds(),
            Instruments = _instruments,
            Journal = new InMemoryUsageJournal(),
            Logger = NullLogger.Instance,
            Grain = _ => Grain,
        });
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));

    public CascadeOptions Options { get; } = new();

    public FakeBudgetGrain Grain { get; }

    public Purse Purse { get; }

    public async Task<TestResult> ReserveAsync(string attempt, long upper, long? floor = null, CancellationToken? ct = null)
    {
        var deadline = Time.GetTimestamp() + (long)(Options.ReservationWait.TotalSeconds * Time.TimestampFrequency);
        var reply = await Purse.ReserveAsync(attempt, upper, floor ?? upper, deadline, ct ?? TestContext.Current.CancellationToken);
        return new TestResult(reply.Outcome, reply.Session is { } session ? new TestHold(session, attempt, reply.Nanos, reply.Nanos < upper) : null, reply.Refusal);
    }

    /// <summary>A reservation that must succeed.</summary>
    public async Task<TestHold> HoldAsync(string attempt, long upper)
    {
        var result = await ReserveAsync(attempt, upper);
        Assert.Equal(ReserveOutcome.Reserved, result.Outcome);
        return result.Hold!;
    }

    /// <summary>A call that is made and booked.</summary>
    public async Task SpendAsync(string attempt, long upper, long cost)
    {
        var hold = await HoldAsync(attempt, upper);
        Assert.True(Start(hold));
        Settle(hold, cost);
    }

    public bool Start(TestHold hold) => Purse.Start(hold.Session, hold.AttemptId);

    public void Settle(TestHold hold, long cost) => Purse.Settle(hold.Session, hold.AttemptId, cost);

    public void Void(TestHold hold) => Purse.Void(hold.Session, hold.AttemptId);

    public void MarkUnconfirmed(TestHold hold, long lower) => Purse.MarkUnconfirmed(hold.Session, hold.AttemptId, lower);

    public void Dispose()
    {
        _instruments.Dispose();
        _services.Dispose();
    }

    private sealed class CountingIds : IIdSource
    {
        private int _next;

        public string Next() => $"id-{Interlocked.Increment(ref _next)}";
    }
}

/// <summary>Money set aside in one purse.</summary>
internal sealed record TestHold(LeaseSession Session, string AttemptId, long Nanos, bool Clamped);

/// <summary>What came of asking one purse.</summary>
internal sealed record TestResult(ReserveOutcome Outcome, TestHold? Hold, BudgetRefusal? Refusal);
