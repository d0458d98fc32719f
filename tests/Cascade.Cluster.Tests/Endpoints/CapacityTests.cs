using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Cluster.Tests.Endpoints;

public sealed class CapacityTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_ThreeSilosAndALimitOfFour_NeverMoreInFlightAndEveryoneIsServed()
    {
        var caller = new ScriptedCaller(async (_, ct) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
            return ScriptedCaller.Answer("42", 1, 1);
        });
        var model = new TestModel().Endpoint("m", caller, e => e with { MaxInFlight = 4 }).Account("acme", null).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(3, model);

        var replies = await Task.WhenAll(Enumerable.Range(0, 150).Select(i => cluster.AskAsync("acme", "m", silo: i % 3, ct: Ct)));

        Assert.All(replies, r => Assert.Equal(CascadeStatus.Answered, r.Status));
        Assert.InRange(caller.MaxInFlight, 2, 4);
    }

    [Fact]
    public async Task Complete_NoCapacityInTime_IsOverloadedAndCostsNothing()
    {
        var gate = new TaskCompletionSource();
        var caller = new ScriptedCaller(async (_, ct) =>
        {
            await gate.Task.WaitAsync(ct);
            return ScriptedCaller.Answer("42", 1, 1);
        });
        var model = new TestModel().Endpoint("m", caller, e => e with { MaxInFlight = 1 }).Account("acme", 1_000_000).Build();

        // The first call of a silo that has just started waits too, for the endpoint's grain.
        await using var cluster = await CascadeTestCluster.StartAsync(1, model, o => o.PermitWait = TimeSpan.FromSeconds(2));

        var first = cluster.AskAsync("acme", "m", silo: 0, ct: Ct);
        await TestKit.Waiting.Eventually.HoldsAsync(() => caller.InFlight == 1, TimeSpan.FromSeconds(10), Ct);
        var second = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);
        gate.SetResult();

        var statuses = new[] { (await first).Status, second.Status };
        Assert.Equal([CascadeStatus.Answered, CascadeStatus.Overloaded], statuses);
        Assert.Equal(TestModel.TokenNanos, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Fact]
    public async Task Snapshot_AfterCalls_AccountsForThemPerEndpoint()
    {
        var model = new TestModel().Endpoint("m", ScriptedCaller.Answering("42", 7, 3)).Account("acme", null).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);
        for (var i = 0; i < 5; i++)
        {
            await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);
        }

        var grain = cluster.Client.GetGrain<IModelEndpointGrain>("m");
        await TestKit.Waiting.Eventually.HoldsAsync(
            async () => (await grain.GetSnapshotAsync(Ct)).Usage.Calls == 5, TimeSpan.FromSeconds(10), Ct);

        var snapshot = await grain.GetSnapshotAsync(Ct);
        Assert.Equal(15 * TestModel.TokenNanos, snapshot.Usage.CostNanos);
        Assert.Equal(35, snapshot.Usage.Tokens.InputTokens);
    }
}
