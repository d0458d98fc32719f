using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Hosting;
using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.Storage.Replays;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.TestingHost;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

/// <summary>
/// What accounts that come and go cost a silo. Explicit, because it takes minutes:
/// <c>dotnet test --project tests/Cascade.Cluster.Tests --filter-class "*ManyAccountsTests*" --explicit only</c>; the variable
/// <c>CASCADE_ACCOUNTS</c> sets how many.
/// </summary>
public sealed class ManyAccountsTests(ITestOutputHelper output)
{
    private const int Callers = 64;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Complete_OneRequestOfEachOfManyAccounts_LeavesLittleBehind()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("CASCADE_ACCOUNTS") ?? "100000", CultureInfo.InvariantCulture);
        var model = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", null).Account("acme/*", 1_000_000).Build();
        var storage = new ForgetfulStorage();
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddKeyedSingleton<IGrainStorage>(CascadeStorage.State, storage);
            silo.Services.AddSingleton<IUsageJournal>(new ForgetfulJournal());
            silo.Services.AddSingleton<IReplayStore>(new InMemoryReplayStore(TimeProvider.System));
            silo.AddCascade(model, options => options.LeaseIdle = TimeSpan.FromSeconds(1));
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync(Ct);
        var services = cluster.GetSiloServiceProvider(cluster.Silos[0].SiloAddress);
        var router = services.GetRequiredService<IGrainFactory>().GetGrain<ICascadeRouterGrain>(0);
        var agent = services.GetRequiredService<BudgetAgent>();
        await AskAsync(router, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();

        await Parallel.ForEachAsync(
            Enumerable.Range(1, count), new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = Ct }, async (i, _) => await AskAsync(router, i));
        var served = watch.Elapsed;
        await Eventually.HoldsAsync(() => Task.FromResult(agent.LeaseCount <= 1), Patience, Ct);

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} accounts in {served.TotalSeconds:F1} s: {bytes:F0} bytes each while active and idle, working set {Environment.WorkingSet / 1048576} MiB, {storage.Writes} writes"));
        Assert.InRange(bytes, 0, 4096);
        Assert.InRange(Environment.WorkingSet, 0, 1L << 30);
    }

    private static async Task AskAsync(ICascadeRouterGrain router, int customer)
    {
        var reply = await router.CompleteAsync(CascadeTestCluster.Request($"acme/c{customer}", "m"), Ct);
        Assert.Equal(CascadeStatus.Answered, reply.Status);
    }

    /// <summary>Keeps nothing, so that only the silo's memory is measured.</summary>
    private sealed class ForgetfulStorage : IGrainStorage
    {
        private long _writes;

        public long Writes => Interlocked.Read(ref _writes);

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            grainState.State = Activator.CreateInstance<T>();
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Interlocked.Increment(ref _writes);
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;
    }

    /// <summary>Keeps the streams of open leases only.</summary>
    private sealed class ForgetfulJournal : IUsageJournal
    {
        private readonly ConcurrentDictionary<JournalKey, ImmutableArray<JournalEntry>> _open = new();

        public Task OpenAsync(JournalKey key, CancellationToken cancellationToken)
        {
            _open.TryAdd(key, []);
            return Task.CompletedTask;
        }

        public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken)
        {
            while (_open.TryGetValue(key, out var entries))
            {
                if (_open.TryUpdate(key, entries.Add(entry), entries))
                {
                    return new(AppendStatus.Appended);
                }
            }

            return new(AppendStatus.Fenced);
        }

        public async ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
            ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken)
        {
            var statuses = ImmutableArray.CreateBuilder<AppendStatus>();
            foreach (var key in keys)
            {
                statuses.Add(await AppendAsync(key, entry, cancellationToken));
            }

            return statuses.ToImmutable();
        }

        public Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken) =>
            Task.FromResult(new JournalContents(_open.TryRemove(key, out var entries) ? entries : []));

        public Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
