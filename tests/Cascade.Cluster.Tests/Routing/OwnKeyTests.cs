using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>An account that brings a key of its own is alone with what the provider says to that key.</summary>
public sealed class OwnKeyTests
{
    private const long Cost = 10 * TestModel.TokenNanos;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly ProviderKey Acmes = ProviderKey.FromEnvironment("ACMES_KEY");
    private static readonly ProviderKey Betas = ProviderKey.FromEnvironment("BETAS_KEY");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_KeyOfTheAccount_SignsItsCallsAndIsPaidForAsUsual()
    {
        var caller = ScriptedCaller.Answering("42");
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller));

        var own = await cluster.AskAsync("acme", "m", ct: Ct);
        var inherited = await cluster.AskAsync("acme/search", "m", ct: Ct);
        var usual = await cluster.AskAsync("gamma", "m", ct: Ct);

        Assert.Equal([Acmes, Acmes, null], caller.Served.Select(served => served.Call.Key));
        Assert.Equal([true, true, false], new[] { own, inherited, usual }.Select(reply => reply.Attempts[0].OwnKey));
        Assert.All([own, inherited, usual], reply => Assert.Equal((CascadeStatus.Answered, Cost, Booking.Settled), (reply.Status, reply.CostNanos, reply.Attempts[0].Booking)));
        Assert.Equal(2 * Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Fact]
    public async Task Complete_OwnKeyIsRefusedForRate_PausesThatAccountAndNobodyElse()
    {
        var limits = new ProviderLimits(new LimitLeft(0, 60, Long), new LimitLeft(0, 1_000, Long));
        var caller = Saying(Acmes, new ModelCallResult
        {
            Status = ModelCallStatus.RateLimited,
            Billing = BillingCertainty.NotBilled,
            Error = "http-429",
            RetryAfter = Long,
            Limits = limits,
        });
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, Adapting));

        var refused = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);
        var again = await cluster.AskAsync("acme/search", "m", silo: 0, ct: Ct);
        var (beta, gamma) = (await cluster.AskAsync("beta", "m", silo: 0, ct: Ct), await cluster.AskAsync("gamma", "m", silo: 0, ct: Ct));

        Assert.Equal((CascadeStatus.Overloaded, AttemptBlame.ProviderLimit, Long), (refused.Status, refused.Attempts[0].Blame, refused.RetryAfter));
        Assert.Equal((CascadeStatus.Overloaded, AttemptBlame.ProviderLimit, "paused"), (again.Status, again.Attempts[0].Blame, again.Attempts[0].Error));
        Assert.Contains("'m' came free in time (paused)", again.Problem, StringComparison.Ordinal);
        Assert.InRange(again.RetryAfter ?? default, TimeSpan.FromMinutes(50), Long);
        Assert.Equal((CascadeStatus.Answered, CascadeStatus.Answered), (beta.Status, gamma.Status));
        Assert.Equal(3, caller.Served.Count);
        var endpoint = cluster.Client.GetGrain<IModelEndpointGrain>("m");
        await Eventually.HoldsAsync(async () => await endpoint.GetSnapshotAsync(Ct) is { Usage.Calls: 1 }, Patience, Ct);
        var snapshot = await endpoint.GetSnapshotAsync(Ct);
        Assert.Equal((TimeSpan.Zero, snapshot.MaxInFlight, null, null), (snapshot.PausedFor, snapshot.LimitInFlight, snapshot.ProviderRequestsLeft, snapshot.ProviderTokensLeft));
    }

    [Fact]
    public async Task Complete_EndpointsKeyIsRefusedForRate_OwnKeysAreServed()
    {
        var caller = Saying(null, new ModelCallResult { Status = ModelCallStatus.RateLimited, Billing = BillingCertainty.NotBilled, Error = "http-429", RetryAfter = Long });
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, Adapting));

        await cluster.AskAsync("gamma", "m", silo: 0, ct: Ct);
        var paused = await cluster.AskAsync("gamma", "m", silo: 0, ct: Ct);
        var own = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);

        Assert.Equal((CascadeStatus.Overloaded, CascadeStatus.Answered), (paused.Status, own.Status));
    }

    [Fact]
    public async Task Complete_RateOfTheEndpointIsUsedUp_OwnKeysAreNotBoundByIt()
    {
        var caller = ScriptedCaller.Answering("42");
        var model = new TestModel().Endpoint("m", caller, e => e with { Capacity = e.Capacity with { RequestsPerMinute = 1 } });
        await using var cluster = await StartAsync(model, o => o.PermitWait = TimeSpan.FromSeconds(2));

        var usual = new[] { await cluster.AskAsync("gamma", "m", silo: 0, ct: Ct), await cluster.AskAsync("gamma", "m", silo: 0, ct: Ct) };
        var own = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => cluster.AskAsync("acme", "m", silo: 0, ct: Ct)));

        Assert.Equal([CascadeStatus.Answered, CascadeStatus.Overloaded], usual.Select(reply => reply.Status));
        Assert.All(own, reply => Assert.Equal(CascadeStatus.Answered, reply.Status));
    }

    [Fact]
    public async Task Complete_OwnKeyIsNotAccepted_BlamesThatKeyAndKeepsTheEndpointInUse()
    {
        var caller = Saying(Acmes, Unauthorized);
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, Fragile));

        for (var i = 0; i < 8; i++)
        {
            var refused = await cluster.AskAsync("acme", "m", silo: 0, ct: Ct);

            Assert.Equal((CascadeStatus.OwnKeyRejected, "own-key-http-401"), (refused.Status, refused.Attempts[0].Error));
            Assert.Equal((AttemptBlame.Account, Booking.Voided, 0L), (refused.Attempts[0].Blame, refused.Attempts[0].Booking, refused.CostNanos));
            Assert.Contains("does not accept the key that the account brings", refused.Problem, StringComparison.Ordinal);
        }

        // Eight failures in a row open a circuit; these were none, neither for others' own keys nor for the endpoint's.
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("beta", "m", silo: 0, ct: Ct)).Status);
        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("gamma", "m", silo: 0, ct: Ct)).Status);
        Assert.False(CascadeStatus.OwnKeyRejected.IsTransient());
        Assert.Equal(0, (await cluster.Client.GetGrain<IModelEndpointGrain>("m").GetSnapshotAsync(Ct)).CircuitOpenings);
    }

    [Fact]
    public async Task Complete_EndpointsKeyIsNotAccepted_TheEndpointIsOutForItAndOwnKeysAreServed()
    {
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", Saying(null, Unauthorized), Fragile));
        await Eventually.HoldsAsync(
            async () => await cluster.AskAsync("gamma", "m", silo: 0, ct: Ct) is { Status: CascadeStatus.Overloaded } reply && reply.Attempts[0].Error == "circuit-open", Patience, Ct);

        Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
    }

    [Fact]
    public async Task Complete_FallbackJudgeHedgeAndStandIn_AreEachSignedWithTheKeyForTheirEndpoint()
    {
        var calls = new KeyLog();
        var model = new TestModel()
            .Endpoint("late", calls.Caller("late", async ct => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct)), e => e with
            {
                Reliability = new ReliabilityModel { HedgeAfter = TimeSpan.FromMilliseconds(30) },
            })
            .Endpoint("broken", calls.Caller("broken", _ => Task.FromException(new InvalidOperationException("scripted"))))
            .Endpoint("judge", calls.Caller("judge"))
            .Endpoint("strong", calls.Caller("strong"))
            .Endpoint("one", calls.Caller("one"), InGroup)
            .Endpoint("two", calls.Caller("two"), InGroup);
        model.Route("judged", "threshold-pair", new AgreementVerifier("judge"), "strong", "broken")
            .Route("chain", "fallback-chain", null, "broken", "strong");
        await using var cluster = await StartAsync(model, brings: ["late", "strong", "judge", "one"]);

        await cluster.AskAsync("acme", "chain", silo: 0, ct: Ct);
        await cluster.AskAsync("acme", "judged", silo: 0, ct: Ct);
        for (var i = 0; i < 12; i++)
        {
            await cluster.AskAsync("acme", "group", silo: 0, ct: Ct);
        }

        using var stop = new CancellationTokenSource();
        var hedged = cluster.AskAsync("acme", "late", silo: 0, ct: stop.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(calls.CountOf("late") == 2), Patience, Ct);
        await stop.CancelAsync();
        await Task.WhenAny(hedged);

        Assert.Equal(["broken", "judge", "late", "one", "strong", "two"], calls.Endpoints);
        Assert.All(calls.All, call => Assert.Equal(call.Endpoint is "broken" or "two" ? null : Acmes, call.Key));
    }

    [Fact]
    public async Task Complete_OneDeploymentDoesNotAcceptTheKey_AnotherStandsIn()
    {
        var model = new TestModel().Endpoint("one", Saying(Acmes, Unauthorized), InGroup).Endpoint("two", ScriptedCaller.Answering("42"), InGroup);
        await using var cluster = await StartAsync(model, brings: ["one"]);

        for (var i = 0; i < 12; i++)
        {
            var reply = await cluster.AskAsync("acme", "group", silo: 0, ct: Ct);
            Assert.Equal((CascadeStatus.Answered, "two"), (reply.Status, reply.Endpoint.Value));
        }
    }

    [Fact]
    public async Task Complete_Repeated_IsAnsweredFromTheAccountsOwnReplyOnly()
    {
        var caller = ScriptedCaller.Answering("42");
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller));
        var router = cluster.Client.GetGrain<ICascadeRouterGrain>(0);
        var request = CascadeTestCluster.Request("acme", "m") with { IdempotencyKey = "order-7" };

        await router.CompleteAsync(request, Ct);
        var again = await router.CompleteAsync(request, Ct);
        var other = await router.CompleteAsync(request with { Account = new AccountId("beta") }, Ct);

        Assert.Equal((true, false), (again.Replayed, other.Replayed));
        Assert.Equal([Acmes, Betas], caller.Served.Select(served => served.Call.Key));
    }

    private static ModelCallResult Unauthorized { get; } = new() { Status = ModelCallStatus.Unauthorized, Billing = BillingCertainty.NotBilled, Error = "http-401" };

    private static ScriptedCaller Saying(ProviderKey? key, ModelCallResult result) =>
        new((call, _) => Task.FromResult(ReferenceEquals(call.Key, key) ? result : ScriptedCaller.Answer("42", 1, 10)));

    private static EndpointModel Adapting(EndpointModel endpoint) => endpoint with { MaxInFlight = 8, Capacity = endpoint.Capacity with { Adaptive = true } };

    private static EndpointModel Fragile(EndpointModel endpoint) => endpoint with { Health = new HealthModel { MinFailures = 3, ProbeInterval = TimeSpan.FromMinutes(5) } };

    private static EndpointModel InGroup(EndpointModel endpoint) => endpoint with { Reliability = new ReliabilityModel { Group = "group" } };

    private static Task<CascadeTestCluster> StartAsync(
        TestModel model, Action<Cascade.Grains.Hosting.CascadeOptions>? configure = null, string[]? brings = null) => CascadeTestCluster.StartAsync(
        1,
        model.Account("acme", 10_000 * Cost).Account("acme/*", null).Account("beta", null).Account("gamma", null)
            .Bringing("acme", Acmes, brings ?? ["m"]).Bringing("beta", Betas, brings ?? ["m"]).Build(),
        configure);

    /// <summary>Which endpoint was called with which key.</summary>
    private sealed class KeyLog
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<(string Endpoint, ProviderKey? Key)> _calls = new();

        public IReadOnlyList<(string Endpoint, ProviderKey? Key)> All => [.. _calls];

        public IEnumerable<string> Endpoints => All.Select(call => call.Endpoint).Distinct().Order(StringComparer.Ordinal);

        public int CountOf(string endpoint) => All.Count(call => call.Endpoint == endpoint);

        public ScriptedCaller Caller(string endpoint, Func<CancellationToken, Task>? before = null) => new(async (call, ct) =>
        {
            _calls.Enqueue((endpoint, call.Key));
            await Task.Yield();
            await (before?.Invoke(ct) ?? Task.CompletedTask);
            return ScriptedCaller.Answer("42", 1, 10);
        });
    }
}
