using System.Collections.Concurrent;
using System.Net;

using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.TestKit.Processes;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Orleans.Storage;

using StackExchange.Redis;

using Xunit;

namespace Cascade.Integration.Tests.Storage;

/// <summary>A silo and a client on the storage of this project find each other, and state is guarded by its ETag.</summary>
public sealed class StorageWiringTests(EmbeddedRedisFixture server) : IClassFixture<EmbeddedRedisFixture>
{
    private static readonly GrainId Grain = GrainId.Create("cascade.budget", "acme/search");

    private int _wins;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddCascadeStorage_OnTheEmbeddedServer_CarriesStateJournalAndClustering()
    {
        var config = new StorageConfig { RedisConnection = server.ConnectionString, ServiceId = "wired", ClusterId = "one" };
        using var silo = Silo(config);
        await silo.StartAsync(Token);
        using var client = Client(config);
        await client.StartAsync(Token);

        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>(CascadeStorage.State);
        var mine = new GrainState<Ledger>(new Ledger { SpentNanos = 7 });
        await storage.WriteStateAsync("ledger", Grain, mine);
        var stale = new GrainState<Ledger>();
        await storage.ReadStateAsync("ledger", Grain, stale);
        Assert.Equal(7, stale.State!.SpentNanos);
        mine.State = new Ledger { SpentNanos = 8 };
        await storage.WriteStateAsync("ledger", Grain, mine);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("ledger", Grain, stale));

        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        var stored = await connection.GetDatabase().HashGetAsync("wired/state/cascade.budget/acme/search/ledger", "data");
        Assert.Equal("""{"spentNanos":8}""", stored.ToString());
        var journal = silo.Services.GetRequiredService<IUsageJournal>();
        Assert.Empty((await journal.SealAsync(new JournalKey("acme", "wired-1"), Token)).Entries);

        await client.StopAsync(Token);
        await silo.StopAsync(Token);
    }

    [Fact]
    public async Task WriteState_ByManyHoldersOfOneETag_LetsExactlyOneWin()
    {
        var config = new StorageConfig { RedisConnection = server.ConnectionString, ServiceId = "racing", ClusterId = "one" };
        using var silo = Silo(config);
        await silo.StartAsync(Token);
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>(CascadeStorage.State);
        await storage.WriteStateAsync("ledger", Grain, new GrainState<Ledger>(new Ledger()));

        for (var round = 0; round < 50; round++)
        {
            var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryWriteAsync(storage)));
            Assert.Contains(true, won);
        }

        var last = new GrainState<Ledger>();
        await storage.ReadStateAsync("ledger", Grain, last);
        Assert.Equal(_wins, last.State!.SpentNanos);
        await silo.StopAsync(Token);
    }

    [Fact]
    public async Task AddCascadeStorage_InMemory_WorksAndWarnsThatNothingIsKept()
    {
        var warnings = new WarningIds();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(warnings);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort.Next(), FreePort.Next())
            .AddCascadeStorage(new StorageConfig { Mode = StorageMode.Memory }));
        using var host = builder.Build();
        await host.StartAsync(Token);

        var storage = host.Services.GetRequiredKeyedService<IGrainStorage>(CascadeStorage.State);
        await storage.WriteStateAsync("ledger", Grain, new GrainState<Ledger>(new Ledger { SpentNanos = 7 }));
        var back = new GrainState<Ledger>();
        await storage.ReadStateAsync("ledger", Grain, back);

        Assert.Equal(7, back.State!.SpentNanos);
        Assert.IsType<InMemoryUsageJournal>(host.Services.GetRequiredService<IUsageJournal>());
        Assert.Contains(610, warnings.Seen);
        await host.StopAsync(Token);
    }

    // Each writer adds one to what it read: if two of one ETag won, the sum would fall behind the wins.
    private async Task<bool> TryWriteAsync(IGrainStorage storage)
    {
        var state = new GrainState<Ledger>();
        await storage.ReadStateAsync("ledger", Grain, state);
        state.State = new Ledger { SpentNanos = state.State!.SpentNanos + 1 };
        try
        {
            await storage.WriteStateAsync("ledger", Grain, state);
            Interlocked.Increment(ref _wins);
            return true;
        }
        catch (InconsistentStateException)
        {
            return false;
        }
    }

    private static IHost Silo(StorageConfig config)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            var siloPort = FreePort.Next();
            var gatewayPort = FreePort.Next();
            silo.ConfigureEndpoints(IPAddress.Loopback, siloPort, gatewayPort).AddCascadeStorage(config);
        });
        return builder.Build();
    }

    private static IHost Client(StorageConfig config)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client.AddCascadeClustering(config));
        return builder.Build();
    }

    private sealed class WarningIds : ILoggerProvider, ILogger
    {
        internal ConcurrentQueue<int> Seen { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Seen.Enqueue(eventId.Id);
        }

        public void Dispose()
        {
        }
    }

    private sealed class Ledger
    {
        public long SpentNanos { get; init; }
    }
}
