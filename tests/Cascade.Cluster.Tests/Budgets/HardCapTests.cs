using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

public sealed class HardCapTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Complete_TwoHundredAtOnceOnABudgetForTwenty_ServesNineteenOrMoreAndNeverOverspends(short silos)
    {
        const int Fits = 20;
        const long Cost = 25 * TestModel.TokenNanos;
        var billed = 0L;
        var caller = new ScriptedCaller(async (_, ct) =>
        {
            await Task.Yield();
            Interlocked.Add(ref billed, Cost);
            Assert.True(Interlocked.Read(ref billed) <= Fits * Cost, "the provider has billed more than the cap");
            return ScriptedCaller.Answer("42", 10, 25);
        });
        var model = new TestModel().Endpoint("m", caller).Account("acme", Fits * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(silos, model);

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => cluster.AskAsync("acme", "m", silo: i % silos, ct: Ct)));

        var served = replies.Count(r => r.Status == CascadeStatus.Answered);
        Assert.InRange(served, Fits - 1, Fits);
        Assert.All(replies.Where(r => r.Status != CascadeStatus.Answered), r =>
        {
            Assert.Equal(CascadeStatus.InsufficientQuota, r.Status);
            Assert.NotNull(r.Refusal);
            Assert.Equal("total", r.Refusal.Window);
        });
        var snapshot = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal(billed, snapshot.SettledNanos);
        Assert.Equal(billed, caller.Served.Count * Cost);
        Assert.Equal(0, snapshot.UnconfirmedUpperNanos);
        Assert.Equal(0, snapshot.OverrunNanos);
    }
}
