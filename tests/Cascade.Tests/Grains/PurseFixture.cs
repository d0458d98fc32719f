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
        Purse = new Purse(new AccountId("acme"), new PurseEnvironment
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

    public Task<ReserveResult> ReserveAsync(string attempt, long upper, long? floor = null, CancellationToken? ct = null) =>
        Purse.ReserveAsync(attempt, upper, floor ?? upper, ct ?? TestContext.Current.CancellationToken).AsTask();

    /// <summary>A reservation that must succeed.</summary>
    public async Task<Hold> HoldAsync(string attempt, long upper)
    {
        var result = await ReserveAsync(attempt, upper);
        Assert.Equal(ReserveOutcome.Reserved, result.Outcome);
        return result.Hold!;
    }

    /// <summary>A call that is made and booked.</summary>
    public async Task SpendAsync(string attempt, long upper, long cost)
    {
        var hold = await HoldAsync(attempt, upper);
        Assert.True(Purse.Start(hold));
        Purse.Settle(hold, cost);
    }

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
