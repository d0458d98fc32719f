using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;
using Cascade.Storage.Replays;
using Cascade.TestKit.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Cascade.Cluster.Tests.Hosting;

/// <summary>Silos in this process over storage and a journal that outlive them.</summary>
internal sealed class CascadeTestCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private CascadeTestCluster(
        InProcessTestCluster cluster, SharedGrainStorage storage, InMemoryUsageJournal journal, InMemoryReplayStore replays, InMemoryLedgerLog log)
    {
        _cluster = cluster;
        Storage = storage;
        Journal = journal;
        Replays = replays;
        Log = log;
    }

    public SharedGrainStorage Storage { get; }

    public InMemoryUsageJournal Journal { get; }

    public InMemoryReplayStore Replays { get; }

    public InMemoryLedgerLog Log { get; }

    public IGrainFactory Client => _cluster.Client;

    public static async Task<CascadeTestCluster> StartAsync(short silos, ClusterModel model, Action<CascadeOptions>? configure = null)
    {
        var storage = new SharedGrainStorage();
        var journal = new InMemoryUsageJournal();
        var replays = new InMemoryReplayStore(TimeProvider.System);
        var log = new InMemoryLedgerLog();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(CascadeStorage.State, storage);
            silo.Services.AddSingleton<IUsageJournal>(journal);
            silo.Services.AddSingleton<IReplayStore>(replays);
            silo.Services.AddSingleton<ILedgerLog>(log);
            silo.AddCascade(model, options =>
            {
                options.ReportInterval = TimeSpan.FromMilliseconds(50);
                options.ReservationRetry = TimeSpan.FromMilliseconds(20);
                options.StopWait = TimeSpan.Zero;
                configure?.Invoke(options);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new CascadeTestCluster(cluster, storage, journal, replays, log);
    }

    /// <summary>The grain factory of one silo: a stateless worker called through it runs on that silo.</summary>
    public IGrainFactory Silo(int index) => ServicesOf(index).GetRequiredService<IGrainFactory>();

    public IServiceProvider ServicesOf(int index) => _cluster.GetSiloServiceProvider(_cluster.Silos[index].SiloAddress);

    public Task KillSiloAsync(int index) => _cluster.KillSiloAsync(_cluster.Silos[index]);

    public Task StopSiloAsync(int index) => _cluster.StopSiloAsync(_cluster.Silos[index]);

    public Task StartSiloAsync() => _cluster.StartAdditionalSiloAsync();

    public ITenantBudgetGrain Budget(string account) => Client.GetGrain<ITenantBudgetGrain>(account);

    public Task<CascadeReply> AskAsync(string account, string model, int? silo = null, int? maxTokens = null, CancellationToken ct = default)
    {
        var router = (silo is { } index ? Silo(index) : Client).GetGrain<ICascadeRouterGrain>(0);
        return router.CompleteAsync(Request(account, model, maxTokens), ct);
    }

    public static CascadeRequest Request(string account, string model, int? maxTokens = null) => new()
    {
        Operation = new OperationId("test"),
        Account = new AccountId(account),
        Model = model,
        Messages = [new CascadeMessage { Role = ChatMessageRole.User, Text = "What is 6 times 7?" }],
        Sampling = new SamplingOptions { MaxOutputTokens = maxTokens },
    };

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();
}
