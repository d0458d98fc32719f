using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Telemetry;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

/// <summary>Caps hold at every depth of an account's path, on three silos at once.</summary>
public sealed class HierarchyTests
{
    private const long Cost = 10 * TestModel.TokenNanos;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(30, 1_000, 1_000, "acme/search/key-7")]
    [InlineData(1_000, 30, 1_000, "acme/search")]
    [InlineData(1_000, 1_000, 30, "acme")]
    public async Task Complete_ManyAtOnceOnThreeSilos_NoLevelSpendsMoreThanItsCap(long key, long team, long organisation, string poorest)
    {
        var model = new TestModel().Endpoint("m", ScriptedCaller.Answering("42"))
            .Account("acme/search/key-7", key * Cost).Account("acme/search", team * Cost).Account("acme", organisation * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(3, model);

        var replies = await Task.WhenAll(Enumerable.Range(0, 90).Select(i => cluster.AskAsync("acme/search/key-7", "m", silo: i % 3, ct: Ct)));

        // Each answer costs exactly a thirtieth of the cap, so a cap that is used up has paid for thirty; the bounds are ten times as high.
        var answered = replies.Count(r => r.Status == CascadeStatus.Answered);
        Assert.Equal(30, answered);
        Assert.All(
            replies.Where(r => r.Status != CascadeStatus.Answered),
            r => Assert.Equal((CascadeStatus.InsufficientQuota, poorest), (r.Status, r.Refusal?.Account.Value)));
        foreach (var account in new[] { "acme/search/key-7", "acme/search", "acme" })
        {
            await Eventually.HoldsAsync(async () => (await SnapshotAsync(cluster, account)).SettledNanos == 30 * Cost, Patience, Ct);
            Assert.Equal(0, (await SnapshotAsync(cluster, account)).UnconfirmedUpperNanos);
        }
    }

    [Fact]
    public async Task Complete_SiblingIsExhausted_TheOtherIsServed()
    {
        var model = Endpoint().Account("acme", 1_000 * Cost).Account("acme/a", Cost).Account("acme/b", 100 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(3, model);

        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme/a", "m", silo: 0, ct: Ct)).Status);
        Assert.Equal(CascadeStatus.InsufficientQuota, (await cluster.AskAsync("acme/a", "m", silo: 1, ct: Ct)).Status);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme/b", "m", silo: 2, ct: Ct)).Status);
    }

    [Fact]
    public async Task Complete_CapOnOneEndpoint_LeavesTheOthers()
    {
        var model = new TestModel()
            .Endpoint("m", ScriptedCaller.Answering("42"))
            .Endpoint("other", ScriptedCaller.Answering("42"))
            .Account("acme", 1_000 * Cost, null, ("m", 2 * Cost))
            .Account("acme/*", null)
            .Build();
        await using var cluster = await CascadeTestCluster.StartAsync(3, model);

        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => cluster.AskAsync($"acme/c{i % 4}", "m", silo: i % 3, ct: Ct)));

        Assert.Equal(2, replies.Count(r => r.Status == CascadeStatus.Answered));
        Assert.All(
            replies.Where(r => r.Status != CascadeStatus.Answered),
            r => Assert.Equal(("acme", "m"), (r.Refusal?.Account.Value, r.Refusal?.Endpoint)));
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme/c1", "other", silo: 0, ct: Ct)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(100)]
    public async Task Complete_RootHasLessThanTheOutputLimitNeeds_AnswersShorterAndSaysSo(int? maxTokens)
    {
        var model = Endpoint().Account("acme", 3 * Cost).Account("acme/search", 1_000 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);

        var reply = await cluster.AskAsync("acme/search", "m", silo: 0, maxTokens: maxTokens, ct: Ct);

        Assert.Equal((CascadeStatus.Answered, true), (reply.Status, reply.BudgetLimited));
        Assert.Equal((3 * Cost, Cost, true), (reply.Attempts[0].ReservedNanos, reply.CostNanos, reply.Attempts[0].Clamped));
        Assert.Equal(Cost, (await SnapshotAsync(cluster, "acme")).SettledNanos);
    }

    /// <summary>Elsewhere eight first calls of a customer that nobody had heard of went past its default budget (litellm #40095).</summary>
    [Fact]
    public async Task Complete_ManyFirstCallsOfAnUnknownCustomer_AreBoundByItsTemplate()
    {
        var model = Endpoint().Account("acme", 1_000 * Cost).Account("acme/*", 5 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(3, model);

        var replies = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => cluster.AskAsync("acme/newcomer", "m", silo: i % 3, ct: Ct)));

        Assert.Equal(5, replies.Count(r => r.Status == CascadeStatus.Answered));
        Assert.All(
            replies.Where(r => r.Status != CascadeStatus.Answered),
            r => Assert.Equal((CascadeStatus.InsufficientQuota, "acme/newcomer"), (r.Status, r.Refusal?.Account.Value)));
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme/another", "m", silo: 0, ct: Ct)).Status);
        Assert.Equal(CascadeStatus.UnknownAccount, (await cluster.AskAsync("acme/newcomer/run", "m", silo: 0, ct: Ct)).Status);
    }

    [Fact]
    public async Task Complete_MoneyLiesIdleOnThreeSilosAtThreeLevels_NobodyIsRefused()
    {
        var model = Endpoint()
            .Account("acme/search/key-7", 20 * Cost).Account("acme/search", 20 * Cost).Account("acme", 20 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(3, model, o => o.LeaseIdle = TimeSpan.FromMinutes(10));

        for (var i = 0; i < 11; i++)
        {
            Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme/search/key-7", "m", silo: i % 3, ct: Ct)).Status);
        }
    }

    [Fact]
    public async Task SiloKilled_WithACallInFlight_EveryLevelKeepsItUnconfirmedAndGoesOn()
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
        string[] path = ["acme/search/key-7", "acme/search", "acme"];
        var model = new TestModel().Endpoint("m", caller).Account(path[0], 22 * Cost).Account(path[1], 22 * Cost).Account(path[2], 22 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(3, model);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync(path[0], "m", silo: 2, ct: Ct)).Status);

        Volatile.Write(ref hang, true);
        _ = cluster.AskAsync(path[0], "m", silo: 2, ct: Ct);
        await called.Task.WaitAsync(Patience, Ct);
        var killing = cluster.KillSiloAsync(2);
        Volatile.Write(ref hang, false);

        await Eventually.HoldsAsync(
            () => DespiteSiloLossAsync(async () => (await cluster.AskAsync(path[0], "m", silo: 0, ct: Ct)).Status == CascadeStatus.Answered),
            Patience,
            Ct);
        foreach (var account in path)
        {
            await Eventually.HoldsAsync(
                () => DespiteSiloLossAsync(async () => await SnapshotAsync(cluster, account, silo: 0) is { UnconfirmedUpperNanos: 10 * Cost, SettledNanos: 2 * Cost }),
                Patience,
                Ct);
        }

        release.SetResult();
        await killing;
    }

    [Fact]
    public async Task Complete_ThousandsOfOneAccountOnThreeSilos_TakesFewCallsOfBudgetGrains()
    {
        var model = Endpoint()
            .Account("acme/search/key-7", 100_000 * Cost).Account("acme/search", 100_000 * Cost).Account("acme", 100_000 * Cost).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(3, model, o =>
        {
            // Reports go by the clock and not by the request: in production one a second and lease that spends.
            o.ReportInterval = TimeSpan.FromMinutes(1);
            o.LeaseLifetime = o.SliceLifetime = TimeSpan.FromMinutes(10);

            // Leases are sized by time, so a slow machine asks more often for the same requests.
            o.LeaseDemand = TimeSpan.FromSeconds(30);
        });
        using var calls = new SiloCounter(CascadeTelemetry.Metrics.LeaseCalls, [.. Enumerable.Range(0, 3).Select(cluster.ServicesOf)]);
        await Task.WhenAll(Enumerable.Range(0, 150).Select(i => cluster.AskAsync("acme/search/key-7", "m", silo: i % 3, ct: Ct)));
        var before = calls.Count;

        for (var round = 0; round < 60; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(i => cluster.AskAsync("acme/search/key-7", "m", silo: i % 3, ct: Ct)));
        }

        // Each silo asked at least once, and all of them fewer than five times for a thousand requests, over three thousand.
        Assert.True(before >= 3, $"{before} calls were counted before");
        Assert.InRange(calls.Count - before, 0, 14);
    }

    private static TestModel Endpoint() => new TestModel().Endpoint("m", ScriptedCaller.Answering("42"));

    private static Task<AccountSnapshot> SnapshotAsync(CascadeTestCluster cluster, string account, int? silo = null) =>
        (silo is { } index ? cluster.Silo(index).GetGrain<ITenantBudgetGrain>(account) : cluster.Budget(account)).GetSnapshotAsync(collect: true, Ct);

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
}
