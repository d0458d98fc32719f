using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.State;
using Cascade.Storage.Journal;
using Cascade.TestKit.Grains;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

public sealed class StorageFaultTests
{
    private const long Cost = 10 * TestModel.TokenNanos;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static LeaseRequest Grant(CascadeTestCluster cluster, string operation, long nanos) => new()
    {
        Operation = new OperationId(operation),
        Holder = new HolderId(cluster.ServicesOf(0).GetRequiredService<ILocalSiloDetails>().SiloAddress, Slot: 0).ToString(),
        WantedNanos = nanos,
        NeededNanos = nanos,
    };

    private static async Task<CascadeTestCluster> StartAsync(long cap) => await CascadeTestCluster.StartAsync(
        1, new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", cap).Build());

    [Fact]
    public async Task Acquire_WriteFails_NothingIsGrantedAndTheRetryIs()
    {
        await using var cluster = await StartAsync(100 * Cost);
        cluster.Storage.FailWrites(1);

        await Assert.ThrowsAnyAsync<Exception>(() => cluster.Budget("acme").AcquireAsync(Grant(cluster, "op", 60 * Cost), Ct));
        Assert.Equal(0, (await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct)).LeasedNanos);

        var reply = await cluster.Budget("acme").AcquireAsync(Grant(cluster, "op", 60 * Cost), Ct);
        Assert.Equal(BudgetStatus.Ok, reply.Status);
        Assert.Equal(60 * Cost, reply.GrantedNanos);
    }

    [Fact]
    public async Task Acquire_WriteSucceedsButItsReplyIsLost_TheRetryGetsTheSameLeaseAndNoMore()
    {
        await using var cluster = await StartAsync(100 * Cost);
        cluster.Storage.LoseReplies(1);

        await Assert.ThrowsAnyAsync<Exception>(() => cluster.Budget("acme").AcquireAsync(Grant(cluster, "op", 60 * Cost), Ct));
        var reply = await cluster.Budget("acme").AcquireAsync(Grant(cluster, "op", 60 * Cost), Ct);

        Assert.Equal(BudgetStatus.Ok, reply.Status);
        Assert.Equal(60 * Cost, reply.GrantedNanos);
        Assert.Equal(60 * Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct)).LeasedNanos);
    }

    [Fact]
    public async Task Acquire_SameOperationOtherAmount_IsAMismatchWithoutEffect()
    {
        await using var cluster = await StartAsync(100 * Cost);
        await cluster.Budget("acme").AcquireAsync(Grant(cluster, "op", 10 * Cost), Ct);

        var reply = await cluster.Budget("acme").AcquireAsync(Grant(cluster, "op", 20 * Cost), Ct);

        Assert.Equal(BudgetStatus.OperationMismatch, reply.Status);
        Assert.Equal(10 * Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct)).LeasedNanos);
    }

    [Fact]
    public async Task Complete_JournalIsAway_MakesNoCallAndSaysSo()
    {
        var caller = ScriptedCaller.Answering("42");
        var model = new TestModel().Endpoint("m", caller).Account("acme", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);
        var away = 1;
        cluster.Journal.BeforeAppend = (key, entry, _) =>
            entry.Kind == JournalEntryKind.Intent && Interlocked.Exchange(ref away, 0) == 1
                ? throw new JournalUnavailableException(key, "append")
                : Task.CompletedTask;

        var reply = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.BudgetUnavailable, reply.Status);
        Assert.Empty(caller.Served);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
    }

    [Fact]
    public async Task Complete_LedgerWritesFailForAWhile_TheRequestWaitsAndIsServed()
    {
        await using var cluster = await StartAsync(100 * Cost);
        cluster.Storage.FailWrites(2);

        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
        Assert.Equal(Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }
}
