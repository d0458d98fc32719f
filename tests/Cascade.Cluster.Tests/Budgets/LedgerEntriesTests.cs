using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.State;
using Cascade.Storage;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

/// <summary>The ledger log is exactly the history that was stored, whatever fails.</summary>
public sealed class LedgerEntriesTests
{
    private const long Cost = 10 * TestModel.TokenNanos;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_ThenReported_TheLogTellsTheWholeState()
    {
        await using var cluster = await StartAsync(1);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
        }

        Assert.Equal(5 * Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
        await AssertToldAsync(cluster);
        Assert.Equal(5 * Cost, Record(cluster).SettledNanos);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Acquire_WriteFails_OnlyWhatIsStoredIsTold(bool effect)
    {
        await using var cluster = await StartAsync(1);
        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "first", 10 * Cost), Ct);
        if (effect)
        {
            cluster.Storage.LoseReplies(1);
        }
        else
        {
            cluster.Storage.FailWrites(1);
        }

        await Assert.ThrowsAnyAsync<Exception>(() => cluster.Budget("acme").AcquireAsync(Grant(cluster, "second", 20 * Cost), Ct));
        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "second", 20 * Cost), Ct);
        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "third", 5 * Cost), Ct);

        await AssertToldAsync(cluster);
    }

    [Fact]
    public async Task Commit_LogFailsBeforeAndAfterTheEffect_EachEntryIsThereOnce()
    {
        await using var cluster = await StartAsync(1);
        for (var i = 0; i < 12; i++)
        {
            if (i % 3 == 1)
            {
                cluster.Log.FailNext();
            }
            else if (i % 3 == 2)
            {
                cluster.Log.LoseNextReply();
            }

            await cluster.Budget("acme").AcquireAsync(Grant(cluster, $"op-{i}", Cost), Ct);
        }

        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "last", Cost), Ct);
        await AssertToldAsync(cluster);
    }

    [Fact]
    public async Task Commit_LogIsAway_SpendsUntilTheBoundThenFailsAndGoesOnAfterwards()
    {
        await using var cluster = await StartAsync(1, limit: 64);
        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "first", Cost), Ct);
        cluster.Log.FailNext(10_000);
        var done = 0;
        var fault = await Assert.ThrowsAsync<CascadeException>(async () =>
        {
            while (done < 200)
            {
                await cluster.Budget("acme").AcquireAsync(Grant(cluster, $"op-{done}", 1), Ct);
                done++;
            }
        });

        Assert.Contains("Limits:LedgerOutbox", fault.Message, StringComparison.Ordinal);
        Assert.InRange(done, 10, 64);
        Assert.InRange(Record(cluster).Entries.Length, 50, 64);
        cluster.Log.FailNext(0);
        Assert.Equal(BudgetStatus.Ok, (await cluster.Budget("acme").AcquireAsync(Grant(cluster, "again", Cost), Ct)).Status);
        await AssertToldAsync(cluster);
    }

    [Fact]
    public async Task SecondDesk_HoldsAnOldState_AddsNothingToTheLog()
    {
        await using var cluster = await StartAsync(1);
        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "first", Cost), Ct);
        await AssertToldAsync(cluster);
        var desk = SecondDesk(cluster, cluster.Storage);
        await desk.OpenAsync();
        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "second", Cost), Ct);

        await Assert.ThrowsAsync<InconsistentStateException>(() => desk.Desk.AcquireAsync(Grant(cluster, "other", Cost), Ct));
        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "third", Cost), Ct);

        await AssertToldAsync(cluster);
    }

    [Fact]
    public async Task SiloKilled_WithEntriesOnTheirWay_TheNextDeskSendsThem()
    {
        await using var cluster = await StartAsync(2);
        cluster.Log.FailNext(10_000);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
        await cluster.KillSiloAsync(1);
        await cluster.StartSiloAsync();
        cluster.Log.FailNext(0);

        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    return (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos == Cost;
                }
                catch (Exception e) when (e is OrleansException or TimeoutException)
                {
                    return false;
                }
            },
            Patience,
            Ct);
        await AssertToldAsync(cluster);
    }

    private static async Task<CascadeTestCluster> StartAsync(short silos, int limit = 4_096) => await CascadeTestCluster.StartAsync(
        silos,
        new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", 1_000 * Cost).Build(),
        options => options.LedgerOutbox = limit);

    private static LeaseRequest Grant(CascadeTestCluster cluster, string operation, long nanos) => new()
    {
        Operation = new OperationId(operation),
        Holder = new HolderId(cluster.ServicesOf(0).GetRequiredService<ILocalSiloDetails>().SiloAddress, Slot: 0).ToString(),
        WantedNanos = nanos,
        NeededNanos = nanos,
    };

    private static LedgerRecord Record(CascadeTestCluster cluster) => new StateSerializer().Deserialize<LedgerRecord>(
        new BinaryData(cluster.Storage.Read("ledger", GrainId.Create("cascade.budget", "acme"))!));

    /// <summary>The log has every entry of the stored state, no other, and they add up to it.</summary>
    private static async Task AssertToldAsync(CascadeTestCluster cluster)
    {
        await Eventually.HoldsAsync(
            async () => await cluster.Log.CountAsync("acme", Ct) >= new LedgerHistory(Record(cluster)).Last, Patience, Ct);
        var record = Record(cluster);
        Assert.True(new LedgerHistory(record).Last > 0);
        Assert.Equal(new LedgerHistory(record).Last, await cluster.Log.CountAsync("acme", Ct));
        Assert.Empty(await LedgerVerification.RunAsync("acme", record, cluster.Log, Ct));
    }

    private static (BudgetDesk Desk, Func<Task> OpenAsync) SecondDesk(CascadeTestCluster cluster, SharedGrainStorage storage)
    {
        var services = cluster.ServicesOf(0);
        var state = new SecondState(storage);
        Assert.True(BudgetKey.TryParse("acme", out var budget, out _));
        var model = services.GetRequiredService<Cascade.Grains.Model.ClusterModel>().FindBudget(budget);
        var desk = new BudgetDesk(
            budget, model, new CommittedState<LedgerRecord>(state, () => { }), () => { }, services.GetRequiredService<DeskEnvironment>());
        return (desk, async () =>
        {
            await state.ReadStateAsync();
            desk.Open();
        }
        );
    }

    /// <summary>The same stored state under the feet of a second desk.</summary>
    private sealed class SecondState(SharedGrainStorage storage) : IPersistentState<LedgerRecord>
    {
        private static readonly GrainId Id = GrainId.Create("cascade.budget", "acme");
        private readonly GrainState<LedgerRecord> _state = new(new LedgerRecord());

        public LedgerRecord State
        {
            get => _state.State!;
            set => _state.State = value;
        }

        public string Etag => _state.ETag ?? "";

        public bool RecordExists => _state.RecordExists;

        public Task ClearStateAsync() => storage.ClearStateAsync("ledger", Id, _state);

        public Task WriteStateAsync() => storage.WriteStateAsync("ledger", Id, _state);

        public Task ReadStateAsync() => storage.ReadStateAsync("ledger", Id, _state);
    }
}
