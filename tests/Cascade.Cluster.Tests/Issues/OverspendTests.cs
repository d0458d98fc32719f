using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Issues;

/// <summary>How peers let a budget be passed, each as a test that it is not passed here. The trait is the number in the list of their issues.</summary>
public sealed class OverspendTests
{
    private const long Cost = PeerCluster.Cost;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Peer", "1")]
    public async Task Budget_RecordedSpendIsAtTheCap_NothingMoreIsServed()
    {
        await using var peer = await PeerCluster.StartAsync(Cost);
        Assert.Equal(CascadeStatus.Answered, (await peer.AskAsync()).Status);

        var more = await peer.AskAllAsync(20);

        Assert.All(more, reply => Assert.Equal(CascadeStatus.InsufficientQuota, reply.Status));
        Assert.Single(peer.Provider.Served);
    }

    [Fact]
    [Trait("Peer", "2")]
    public async Task Budget_ThreeSilos_IsOneBudgetAndNotThree()
    {
        await using var peer = await PeerCluster.StartAsync(9 * Cost, silos: 3);

        await peer.AskAllAsync(60, silos: 3);

        Assert.InRange(peer.Provider.Served.Count, 8, 9);
        Assert.Equal(peer.Billed(), (await peer.BooksAsync()).SettledNanos);
    }

    [Fact]
    [Trait("Peer", "3")]
    public async Task CapOnOneModel_ThreeSilos_IsOneCapAndNotThree()
    {
        var provider = ScriptedCaller.Answering("42");
        var model = new TestModel().Endpoint("m", provider).Account(PeerCluster.Account, 1_000 * Cost, models: [("m", 9 * Cost)]).Build();
        await using var peer = new PeerCluster(await CascadeTestCluster.StartAsync(3, model), provider);

        await peer.AskAllAsync(60, silos: 3);

        Assert.InRange(provider.Served.Count, 8, 9);
        Assert.Equal(peer.Billed(), (await peer.BooksAsync("acme#m")).SettledNanos);
    }

    [Fact]
    [Trait("Peer", "9")]
    public async Task Reservation_LongPromptsPayATier_CountsTheTier()
    {
        const long cap = 500_000;
        var provider = new ScriptedCaller((_, _) => Task.FromResult(ScriptedCaller.Answer("42", 20, 10)));
        var prices = new PriceList(new TokenPrices(1_000_000_000, 0)) { Tiers = [new PriceTier(5, new TokenPrices(4_000_000_000, 0))] };
        await using var peer = await PeerCluster.StartAsync(cap, provider: provider, endpoint: endpoint => endpoint with { Price = prices });

        await peer.AskAllAsync(20);

        var books = await peer.BooksAsync();
        Assert.Equal((provider.Served.Count * prices.CostNanos(20, 10), 0L), (books.SettledNanos, books.OverrunNanos));
        Assert.InRange(books.SettledNanos, 1, cap);
    }

    [Fact]
    [Trait("Peer", "11")]
    public async Task Ledger_StorageIsRestoredFromAnOldCopy_NothingMoreIsGranted()
    {
        await using var peer = await PeerCluster.StartAsync(10 * Cost, options: o => o.ReservationWait = TimeSpan.FromSeconds(1));
        await peer.AskAllAsync(2);
        await peer.BooksAsync();
        var backup = peer.Cluster.Storage.Copy();
        await peer.AskAllAsync(8);
        var spent = (await peer.BooksAsync()).SettledNanos;
        var served = peer.Provider.Served.Count;
        Assert.True(spent >= 8 * Cost, $"only {spent} were spent");
        await Eventually.HoldsAsync(async () => await peer.Cluster.Log.CountAsync(PeerCluster.Account, Ct) > 4, PeerCluster.Patience, Ct);

        peer.Cluster.Storage.Restore(backup);
        var more = await peer.AskAllAsync(20);

        Assert.All(more, reply => Assert.NotEqual(CascadeStatus.Answered, reply.Status));
        Assert.Equal(served, peer.Provider.Served.Count);
    }

    [Fact]
    [Trait("Peer", "4")]
    public async Task Budget_LocalCounterHasExpired_SpendIsStillThere()
    {
        await using var peer = await PeerCluster.StartAsync(2 * Cost, options: o => o.LeaseIdle = TimeSpan.FromMilliseconds(50));
        await peer.AskAllAsync(2);
        await Eventually.HoldsAsync(async () => (await peer.BooksAsync()).OpenLeases == 0, PeerCluster.Patience, Ct);

        var reply = await peer.AskAsync();

        Assert.Equal(CascadeStatus.InsufficientQuota, reply.Status);
        Assert.Equal(2, peer.Provider.Served.Count);
    }

    [Fact]
    [Trait("Peer", "5")]
    public async Task Run_EightConcurrentCallsOfOneSession_DoNotAllPass()
    {
        const string Run = "acme/agents/run-7";
        await using var peer = await PeerCluster.StartAsync(2 * Cost, account: Run);

        await peer.AskAllAsync(8, account: Run);

        Assert.Equal(2, peer.Provider.Served.Count);
    }

    [Fact]
    [Trait("Peer", "6")]
    public async Task Customer_EightConcurrentFirstCalls_ObeyTheCapAndAnUnknownCustomerHasNoneToPass()
    {
        await using var peer = await PeerCluster.StartAsync(3 * Cost, silos: 2);

        await peer.AskAllAsync(8, silos: 2);
        var strangers = await peer.AskAllAsync(8, silos: 2, account: "somebody");

        Assert.InRange(peer.Provider.Served.Count, 2, 3);
        Assert.All(strangers, reply => Assert.Equal(CascadeStatus.UnknownAccount, reply.Status));
    }

    [Fact]
    [Trait("Peer", "7")]
    public async Task Model_CostCannotBeEstimated_IsRefusedUnderAHardCap()
    {
        await using var peer = await PeerCluster.StartAsync(100 * Cost, endpoint: e => e with { Price = null });

        Assert.Equal(CascadeStatus.UnpricedModel, (await peer.AskAsync()).Status);
        Assert.Empty(peer.Provider.Served);
    }

    [Fact]
    [Trait("Peer", "8")]
    public async Task Fallback_FromAFreeModelToAPaidOne_PassesTheSameGate()
    {
        var paid = ScriptedCaller.Answering("42");
        var model = new TestModel()
            .Endpoint("free", ScriptedCaller.Failing(ModelCallStatus.ProviderError, BillingCertainty.NotBilled), e => e with { Price = new PriceList(0, 0) })
            .Endpoint("paid", paid)
            .Account("acme", Cost / 2)
            .Route("route", "fallback-chain", verifier: null, "free", "paid");
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());

        var reply = await cluster.AskAsync("acme", "route", silo: 0, ct: Ct);

        Assert.Equal(CascadeStatus.InsufficientQuota, reply.Status);
        Assert.Empty(paid.Served);
    }

    [Fact]
    [Trait("Peer", "12")]
    public async Task Budget_RestartedSilo_IsNoFreeRefill()
    {
        await using var peer = await PeerCluster.StartAsync(3 * Cost, silos: 2);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(CascadeStatus.Answered, (await peer.AskAsync(silo: 1)).Status);
        }

        await peer.Cluster.StopSiloAsync(1);
        await peer.Cluster.StartSiloAsync();

        Assert.All(await peer.AskAllAsync(6, silos: 2), reply => Assert.Equal(CascadeStatus.InsufficientQuota, reply.Status));
        Assert.Equal(3, peer.Provider.Served.Count);
    }

    [Fact]
    [Trait("Peer", "14")]
    public async Task Budget_SecondReplica_HasNoBudgetOfItsOwn()
    {
        await using var peer = await PeerCluster.StartAsync(2 * Cost, silos: 2);
        await peer.AskAsync(silo: 0);
        await peer.AskAsync(silo: 0);

        var reply = await peer.AskAsync(silo: 1);

        Assert.Equal(CascadeStatus.InsufficientQuota, reply.Status);
        Assert.Equal(0, reply.Refusal!.RemainingNanos);
    }

    [Fact]
    [Trait("Peer", "15")]
    public async Task EveryNameInTheCatalog_WithoutMoney_ReachesNoProvider()
    {
        var callers = Enumerable.Range(0, 3).Select(_ => ScriptedCaller.Answering("#### 42")).ToArray();
        var model = new TestModel()
            .Endpoint("cheap", callers[0]).Endpoint("second", callers[1]).Endpoint("strong", callers[2])
            .Account("acme", 1)
            .Route("chain", "fallback-chain", verifier: null, "cheap", "strong")
            .Route("pair", "threshold-pair", VerifierFactory.Create(new VerifierConfig { Kind = "agreement", Endpoint = "second" }), "cheap", "strong");
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());
        var names = (await cluster.Client.GetGrain<ICatalogGrain>(0).ListAsync(Ct)).Select(item => item.Name).ToList();
        Assert.Equal(5, names.Count);

        foreach (var name in names)
        {
            Assert.Equal(CascadeStatus.InsufficientQuota, (await cluster.AskAsync("acme", name, silo: 0, ct: Ct)).Status);
        }

        Assert.All(callers, caller => Assert.Empty(caller.Served));
    }

    [Fact]
    [Trait("Peer", "17")]
    public async Task ParallelRequests_NoneFinishedYet_HoldNoMoreThanTheCap()
    {
        var release = new TaskCompletionSource();
        var provider = new ScriptedCaller(async (_, ct) =>
        {
            await release.Task.WaitAsync(ct);
            return ScriptedCaller.Answer("42", 1, 10);
        });
        await using var peer = await PeerCluster.StartAsync(3 * Cost, provider: provider, options: o => o.ReservationWait = TimeSpan.FromMilliseconds(100));

        var asking = peer.AskAllAsync(20);
        await Eventually.HoldsAsync(() => provider.InFlight == 3, PeerCluster.Patience, Ct);
        release.SetResult();
        await asking;

        Assert.Equal(3, provider.MaxInFlight);
        Assert.True((await peer.BooksAsync()).SettledNanos <= 3 * Cost);
    }

    [Fact]
    [Trait("Peer", "19")]
    public async Task Remaining_AfterEachCall_IsLessByItsCost()
    {
        await using var peer = await PeerCluster.StartAsync(5 * Cost);
        for (var calls = 1; calls <= 5; calls++)
        {
            await peer.AskAsync();

            var books = await peer.BooksAsync();
            Assert.Equal(calls * Cost, books.SettledNanos);
            Assert.Equal(calls * Cost, Assert.Single(books.Windows).SettledNanos);
        }
    }

    [Fact]
    [Trait("Peer", "20")]
    public async Task Spend_OfACall_CountsBeforeTheNextOneIsAdmitted()
    {
        await using var peer = await PeerCluster.StartAsync(10 * Cost);
        var served = 0;
        for (var i = 0; i < 110; i++)
        {
            served += (await peer.AskAsync()).Status == CascadeStatus.Answered ? 1 : 0;
        }

        Assert.Equal((10, 10), (served, peer.Provider.Served.Count));
    }

    [Fact]
    [Trait("Peer", "21")]
    public async Task Reservations_FourAtOnce_AreNotMadeAgainstTheSameBalance()
    {
        await using var peer = await PeerCluster.StartAsync((2 * Cost) - 1);

        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => peer.AskAsync()));

        Assert.Single(replies, reply => reply.Status == CascadeStatus.Answered && !reply.BudgetLimited);
        Assert.True(peer.Billed() < 2 * Cost, $"billed {peer.Billed()}");
    }

    [Fact]
    [Trait("Peer", "22")]
    public async Task Cascade_SecondStage_IsGatedLikeTheFirst()
    {
        var strong = ScriptedCaller.Answering("#### 42");
        var model = new TestModel()
            .Endpoint("cheap", ScriptedCaller.Answering("#### 41"), e => e with { Quality = 0.7, MaxOutputTokens = 10 })
            .Endpoint("second", ScriptedCaller.Answering("#### 42"), e => e with { MaxOutputTokens = 10 })
            .Endpoint("strong", strong, e => e with { Quality = 0.95, MinOutputTokens = 20 })
            .Account("acme", 3 * Cost)
            .Route("pair", "threshold-pair", VerifierFactory.Create(new VerifierConfig { Kind = "agreement", Endpoint = "second" }), "cheap", "strong");
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());

        var reply = await cluster.AskAsync("acme", "pair", silo: 0, ct: Ct);

        Assert.Equal(("cheap", true), (reply.Endpoint.Value, reply.BudgetLimited));
        Assert.Empty(strong.Served);
        Assert.Equal(2 * Cost, reply.CostNanos);
    }
}
