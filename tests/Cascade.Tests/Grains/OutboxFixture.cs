using System.Diagnostics.Metrics;
using Cascade.Grains.Budgets;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Cascade.Tests.Grains;

/// <summary>What an outbox needs of its desk: a clock that is driven, a log and a sink that fail on request, no cluster.</summary>
internal sealed class OutboxFixture : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public OutboxFixture() => Environment = new DeskEnvironment
    {
        Time = Time,
        Options = new CascadeOptions(),
        Ids = new FakeIds(),
        Journal = new InMemoryUsageJournal(),
        Log = Log,
        Holders = null!,
        Liveness = null!,
        Alerts = Sink,
        Instruments = new CascadeInstruments(_services.GetRequiredService<IMeterFactory>()),
        Logger = NullLogger.Instance,
    };

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));

    public InMemoryLedgerLog Log { get; } = new();

    public FakeAlertSink Sink { get; } = new();

    public DeskEnvironment Environment { get; }

    public void Dispose() => _services.Dispose();

    private sealed class FakeIds : IIdSource
    {
        private int _next;

        public string Next() => $"id-{++_next}";
    }
}
