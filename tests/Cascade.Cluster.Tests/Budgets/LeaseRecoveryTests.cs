using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Routing;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

public sealed class LeaseRecoveryTests
{
    private const long Cost = 10 * TestModel.TokenNanos;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_MoneyLiesIdleOnAnotherSilo_IsRecalledBeforeARefusal()
    {
        var model = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", 12 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(2, model, o => o.LeaseIdle = TimeSpan.FromMinutes(10));

        // The first silo leases the whole budget for its upper bound, spends a twelfth of it and keeps the rest.
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
        var reply = await cluster.AskAsync("acme", "m", silo: 1, ct: Ct);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        var snapshot = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal(2 * Cost, snapshot.SettledNanos);
        Assert.Equal(2, snapshot.OpenLeases);
    }

    [Fact]
    public async Task SiloKilled_WithACallInFlight_ItsLeaseIsReclaimedAndTheCallStaysUnconfirmed()
    {
        var called = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var hang = false;
        var caller = new ScriptedCaller(async (_, ct) =>
        {
            if (Volatile.Read(ref hang))
            {
                called.TrySetResult();
                await release.Task.WaitAsync(ct);
            }

            return ScriptedCaller.Answer("42", 10, 10);
        });
        var model = new TestModel().Endpoint("m", caller).Account("acme", 22 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(2, model);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 1, ct: Ct)).Status);

        Volatile.Write(ref hang, true);
        _ = cluster.AskAsync("acme", "m", silo: 1, ct: Ct);
        await called.Task.WaitAsync(Patience, Ct);
        var killing = cluster.KillSiloAsync(1);
        Volatile.Write(ref hang, false);

        var budget = cluster.Silo(0).GetGrain<ITenantBudgetGrain>("acme");

        // Needs all that is left beside the held upper bound of the lost call: 22 - 1 settled - 10 held = 11.
        await Eventually.HoldsAsync(
            () => DespiteSiloLossAsync(async () => (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status == CascadeStatus.Answered),
            Patience,
            Ct);
        await Eventually.HoldsAsync(
            () => DespiteSiloLossAsync(
                async () => (await budget.GetSnapshotAsync(collect: true, Ct)).UnconfirmedUpperNanos == 10 * Cost),
            Patience,
            Ct);

        var snapshot = await budget.GetSnapshotAsync(collect: true, Ct);
        Assert.Equal(0, snapshot.UnconfirmedLowerNanos);
        Assert.Equal(2 * Cost, snapshot.SettledNanos);
        Assert.True(snapshot.SettledNanos + snapshot.UnconfirmedUpperNanos + snapshot.LeasedNanos <= 22 * Cost);

        release.SetResult();
        await killing;
    }

    /// <summary>A call to a silo that just died fails or hangs until it is noticed; that is what is being waited for.</summary>
    private static async Task<bool> DespiteSiloLossAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return false;
        }
    }

    [Fact]
    public async Task SiloStopped_WithNothingInFlight_GivesItsLeaseBack()
    {
        var model = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(2, model, o => o.LeaseIdle = TimeSpan.FromMinutes(10));
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 1, ct: Ct)).Status);
        Assert.Equal(1, (await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct)).OpenLeases);

        await cluster.StopSiloAsync(1);

        var snapshot = await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct);
        Assert.Equal(0, snapshot.OpenLeases);
        Assert.Equal(Cost, snapshot.SettledNanos);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task SiloStopped_WithACallInFlight_WaitsForItsCost(int exposedCalls, bool isAttended)
    {
        var held = new HeldCaller();
        var model = new TestModel().Endpoint("m", held.Caller).Batched("acme", 100 * Cost, exposureNanos: exposedCalls * 10 * Cost)
            .Endpoint("quick", ScriptedCaller.Answering("42")).Account("other", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(2, model, o => (o.LeaseIdle, o.StopWait) = (TimeSpan.FromMinutes(10), Patience));
        await cluster.AskAsync("other", "quick", silo: 1, ct: Ct);

        // A request with a key runs on without its caller.
        using var leaves = new CancellationTokenSource();
        var call = cluster.Silo(1).GetGrain<ICascadeRouterGrain>(0).CompleteAsync(CascadeTestCluster.Request("acme", "m") with { IdempotencyKey = "order-7" }, leaves.Token);
        await held.Called.WaitAsync(Patience, Ct);
        if (!isAttended)
        {
            await leaves.CancelAsync();
            await Task.WhenAny(call);
        }

        // Requests are waited for before anything is given back; then what lies idle is given back at once, and what a call is made under when it has ended.
        var requests = cluster.ServicesOf(1).GetRequiredService<RequestsUnderWay>();
        var stopping = cluster.StopSiloAsync(1);
        await Eventually.HoldsAsync(
            async () => requests.IsStopping && (await cluster.Budget("other").GetSnapshotAsync(collect: false, Ct)).OpenLeases == (isAttended ? 1 : 0), Patience, Ct);
        Assert.Equal(1, (await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct)).OpenLeases);
        held.Release();
        await stopping.WaitAsync(Patience, Ct);
        Assert.Equal(isAttended, call.IsCompletedSuccessfully && (await call).Status == CascadeStatus.Answered);

        var snapshot = await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct);
        Assert.Equal((0, Cost, 0L), (snapshot.OpenLeases, snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos));
    }

    [Fact]
    public async Task LeaseIdle_IsGivenBackAndTheSpendIsKept()
    {
        var model = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model, o => o.LeaseIdle = TimeSpan.FromMilliseconds(100));
        await cluster.AskAsync("acme", "m", ct: Ct);

        await Eventually.HoldsAsync(
            async () => (await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct)).OpenLeases == 0, Patience, Ct);

        Assert.Equal(Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: false, Ct)).SettledNanos);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", ct: Ct)).Status);
    }

    [Fact]
    public async Task LeaseExchanged_AfterItsReservations_EveryCallIsBookedOnce()
    {
        var model = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Account("acme", 1_000 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model, o => o.LeaseReservations = 5);

        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => cluster.AskAsync("acme", "m", silo: 0, ct: Ct)));

        Assert.All(replies, r => Assert.Equal(CascadeStatus.Answered, r.Status));
        var snapshot = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal(60 * Cost, snapshot.SettledNanos);
        Assert.Equal(60, snapshot.Requests);
    }

    [Fact]
    public async Task Reconcile_OfAnUnconfirmedCall_BooksItsRealCostAndFreesTheRest()
    {
        var caller = ScriptedCaller.Failing(ModelCallStatus.ConnectionLost, BillingCertainty.Unknown);
        var model = new TestModel().Endpoint("m", caller).Account("acme", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);
        var reply = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);
        Assert.Equal(CascadeStatus.ProviderFailed, reply.Status);
        Assert.Equal(Booking.Unconfirmed, reply.Attempts[0].Booking);
        var held = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal(10 * Cost, held.UnconfirmedUpperNanos);

        var truth = new Reconciliation { Operation = new OperationId("op-1"), AttemptId = reply.Attempts[0].AttemptId, CostNanos = 3 * Cost };
        Assert.Equal(BudgetStatus.Ok, await cluster.Budget("acme").ReconcileAsync(truth, Ct));
        Assert.Equal(BudgetStatus.Ok, await cluster.Budget("acme").ReconcileAsync(truth, Ct));
        Assert.Equal(BudgetStatus.OperationMismatch, await cluster.Budget("acme").ReconcileAsync(truth with { CostNanos = Cost }, Ct));

        var snapshot = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.Equal(0, snapshot.UnconfirmedUpperNanos);
        Assert.Equal(3 * Cost, snapshot.SettledNanos);
    }
}
