using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Storage.Journal;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

public sealed class FencedCallTests
{
    private const long Cost = 10 * TestModel.TokenNanos;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_JournalSealedButLeaseNotClosed_BooksTheCallOnce()
    {
        var caller = new HeldCaller();
        var model = new TestModel().Endpoint("m", caller.Caller).Account("acme", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);
        var stream = new TaskCompletionSource<JournalKey>();
        cluster.Journal.BeforeAppend = (key, _, _) =>
        {
            stream.TrySetResult(key);
            return Task.CompletedTask;
        };
        var ask = cluster.AskAsync("acme", "m", silo: 0, ct: Ct);
        await caller.Called.WaitAsync(Patience, Ct);

        // As after a reclaim of which the write failed: the seal stays, the lease is still open.
        await cluster.Journal.SealAsync(await stream.Task, Ct);
        caller.Release();

        Assert.Equal(CascadeStatus.Answered, (await ask).Status);
        await Eventually.HoldsAsync(
            async () => (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos == Cost, Patience, Ct);
        var snapshot = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal((Cost, 0L, 0L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos));
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
        await Eventually.HoldsAsync(
            async () => (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos == 2 * Cost, Patience, Ct);
    }
}
