using System.Diagnostics.Metrics;
using System.Globalization;
using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Grains.Telemetry;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>Deployments of one model under one name, and second calls beside late ones.</summary>
public sealed class GroupTests
{
    private const long Token = TestModel.TokenNanos;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_Group_SpreadsItsCallsAndEachPaysItsOwnPrice()
    {
        var model = new TestModel().Endpoint("a", ScriptedCaller.Answering("42"), InGroup)
            .Endpoint("b", ScriptedCaller.Answering("42"), e => InGroup(e) with { Price = new PriceList(0, 3 * Token * 1_000_000) })
            .Route("chain", "fallback-chain", null, "group");
        await using var cluster = await StartAsync(model);

        var replies = new List<CascadeReply>();
        for (var i = 0; i < 40; i++)
        {
            replies.Add(await cluster.AskAsync("acme", i % 2 == 0 ? "chain" : "group", silo: 0, ct: Ct));
        }

        var counts = replies.CountBy(r => r.Endpoint.Value).ToDictionary();
        Assert.InRange(counts["a"], 8, 32);
        Assert.Equal(40, counts["a"] + counts["b"]);
        Assert.All(replies, r => Assert.Equal(("group", r.Endpoint), (r.Attempts[0].Group, r.Attempts[0].Endpoint)));
        Assert.All(replies, r => Assert.Equal((r.Endpoint.Value == "a" ? 1 : 3) * 100 * Token, r.Attempts[0].ReservedNanos));
        Assert.Equal((counts["a"] + (3 * counts["b"])) * 10 * Token, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
        var item = (await cluster.Client.GetGrain<ICatalogGrain>(0).ListAsync(Ct)).Single(i => i.Name == "group");
        Assert.Equal((false, "a,b"), (item.IsRoute, string.Join(',', item.Endpoints.Select(e => e.Value))));
    }

    [Fact]
    public async Task Complete_OneDeploymentDies_IsLeftAndReturnedTo()
    {
        var dead = true;
        var failing = new ScriptedCaller((_, _) => Task.FromResult(Volatile.Read(ref dead)
            ? new ModelCallResult { Status = ModelCallStatus.ProviderError, Billing = BillingCertainty.NotBilled, Error = "http-503" }
            : ScriptedCaller.Answer("42", 1, 1)));
        var health = new HealthModel { MinFailures = 3, Window = TimeSpan.FromSeconds(10), ProbeInterval = TimeSpan.FromMilliseconds(100) };
        var model = new TestModel().Endpoint("a", failing, e => InGroup(e) with { Health = health }).Endpoint("b", ScriptedCaller.Answering("42"), InGroup);
        await using var cluster = await StartAsync(model);

        for (var i = 0; i < 60; i++)
        {
            Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "group", silo: 0, ct: Ct)).Status);
        }

        // Out after three failures, and from then on only looked at.
        Assert.InRange(failing.Served.Count, 3, 30);
        Volatile.Write(ref dead, false);
        await Eventually.HoldsAsync(
            async () => (await cluster.AskAsync("acme", "group", silo: 0, ct: Ct)).Endpoint.Value == "a", Patience, Ct);
    }

    [Fact]
    public async Task Complete_CapOnTheGroup_HoldsOverAllItsDeployments()
    {
        var model = new TestModel().Endpoint("a", ScriptedCaller.Answering("42"), InGroup).Endpoint("b", ScriptedCaller.Answering("42"), InGroup)
            .Account("acme", null, null, ("group", 100 * Token)).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(2, model);

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => cluster.AskAsync("acme", "group", silo: i % 2, maxTokens: 10, ct: Ct)));

        Assert.Equal(10, replies.Count(r => r.Status == CascadeStatus.Answered));
        Assert.Equal(2, replies.Where(r => r.Status == CascadeStatus.Answered).Select(r => r.Endpoint).Distinct().Count());
        var books = await cluster.Client.GetGrain<ITenantBudgetGrain>(new BudgetKey(new AccountId("acme"), "group").ToString()).GetSnapshotAsync(collect: true, Ct);
        Assert.Equal(100 * Token, books.SettledNanos);
    }

    [Fact]
    public async Task Stream_Group_CommitsTheDeploymentThatSpeaks()
    {
        var model = new TestModel().Endpoint("a", StreamingCaller.Breaking(), InGroup).Endpoint("b", StreamingCaller.Saying("forty", "-two"), InGroup);
        await using var cluster = await StartAsync(model);

        for (var i = 0; i < 6; i++)
        {
            var updates = await Stream(cluster).ToListAsync(Ct);

            Assert.Equal("forty-two", string.Concat(updates.Select(u => u.Text)));
            Assert.Equal("b", Assert.Single(updates, u => u.Kind == CascadeUpdateKind.Committed).Endpoint.Value);
            Assert.Equal("b", updates[^1].Reply!.Endpoint.Value);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_FirstIsLate_BothArePaidForAsTheProviderBills(bool drains)
    {
        var (calls, release) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var caller = new ScriptedCaller(async (_, ct) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using var registration = ct.Register(() => left.TrySetResult());
                await Task.WhenAny(release.Task, left.Task);
            }

            return ct.IsCancellationRequested
                ? new ModelCallResult { Status = ModelCallStatus.Cancelled, Billing = BillingCertainty.Unknown, Error = "cancelled" }
                : ScriptedCaller.Answer("42", 1, 20);
        });
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, e => Hedged(e) with { DrainOnCancel = drains }));

        var reply = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        Assert.Equal([AttemptRepetition.None, AttemptRepetition.Hedge], reply.Attempts.Select(a => a.Repetition));
        Assert.Equal([AttemptOutcome.Answered, AttemptOutcome.Outrun], reply.Attempts.Select(a => a.Outcome).Order());
        Assert.All(reply.Attempts, a => Assert.Equal((100 * Token, AttemptBlame.None), (a.ReservedNanos, a.Blame)));
        Assert.Equal(120 * Token, reply.CostNanos);
        release.SetResult();
        var (settled, unconfirmed) = drains ? (40 * Token, 0) : (20 * Token, 100 * Token);
        await Eventually.HoldsAsync(
            async () => await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct) is var books && (books.SettledNanos, books.UnconfirmedUpperNanos) == (settled, unconfirmed),
            Patience,
            Ct);
        var endpoint = cluster.Client.GetGrain<IModelEndpointGrain>("m");
        await Eventually.HoldsAsync(async () => await endpoint.GetSnapshotAsync(Ct) is { Usage: { Calls: 2, Failures: 0 } }, Patience, Ct);
    }

    [Fact]
    public async Task Complete_BudgetPaysForOneOnly_TheSecondIsNotMade()
    {
        var held = new HeldCaller();
        var model = new TestModel().Endpoint("poor", held.Caller, Hedged).Account("acme", 150 * Token).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model, o => o.ReservationWait = TimeSpan.FromMilliseconds(50));
        var hedged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, each) =>
        {
            if (instrument.Name == CascadeTelemetry.Metrics.Hedges)
            {
                each.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _ = tags[0].Value is "poor" && hedged.TrySetResult());
        listener.Start();

        var asking = cluster.AskAsync("acme", "poor", silo: 0, ct: Ct);
        await hedged.Task.WaitAsync(Ct);
        held.Release();
        var reply = await asking;

        Assert.Equal(AttemptRepetition.None, Assert.Single(reply.Attempts).Repetition);
        Assert.Single(held.Caller.Served);
        Assert.False(reply.BudgetLimited);
    }

    [Fact]
    public async Task Stream_FirstIsSilent_TheSecondSpeaksAloneAndNoWordIsMixed()
    {
        var calls = 0;
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var caller = new StreamingCaller(async (_, sink, ct) =>
        {
            var name = Interlocked.Increment(ref calls).ToString(CultureInfo.InvariantCulture);
            if (name == "1")
            {
                await silent.Task.WaitAsync(ct).ContinueWith(static _ => { }, TaskScheduler.Default);
            }

            for (var i = 0; i < 5; i++)
            {
                sink.Accept(name);
                await Task.Yield();
            }

            return ct.IsCancellationRequested
                ? new ModelCallResult { Status = ModelCallStatus.Cancelled, Billing = BillingCertainty.NotBilled, Error = "cancelled" }
                : ScriptedCaller.Answer("22222", 1, 5);
        });
        await using var cluster = await StartAsync(new TestModel().Endpoint("group", caller, Hedged));

        var updates = await Stream(cluster).ToListAsync(Ct);

        Assert.Equal("22222", string.Concat(updates.Select(u => u.Text)));
        Assert.Equal(2, updates[^1].Reply!.Attempts.Length);

        // The reply does not wait for the call that lost, so only the books know at last that it cost nothing.
        await Eventually.HoldsAsync(
            async () => await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct) is { SettledNanos: 5 * Token, UnconfirmedUpperNanos: 0 }, Patience, Ct);
    }

    private static EndpointModel InGroup(EndpointModel endpoint) => endpoint with { Reliability = new ReliabilityModel { Group = "group" } };

    private static EndpointModel Hedged(EndpointModel endpoint) =>
        endpoint with { Reliability = new ReliabilityModel { HedgeAfter = TimeSpan.FromMilliseconds(250) } };

    private static Task<CascadeTestCluster> StartAsync(TestModel model) => CascadeTestCluster.StartAsync(1, model.Account("acme", 10_000 * Token).Build());

    private static IAsyncEnumerable<CascadeUpdate> Stream(CascadeTestCluster cluster) =>
        cluster.Client.GetGrain<ICascadeRouterGrain>(0).StreamAsync(CascadeTestCluster.Request("acme", "group"), Ct);
}
