using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Cluster.Tests.Issues;

/// <summary>How peers lose costs, each as a test that they are booked here. The trait is the number in the list of their issues.</summary>
public sealed class UnrecordedCostTests
{
    private const long Cost = PeerCluster.Cost;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Peer", "33")]
    public async Task Client_Disconnects_PaysForTheWholeAnswerAndNotForItsInput()
    {
        var (provider, release) = Held();
        await using var peer = await PeerCluster.StartAsync(100 * Cost, provider: provider, endpoint: e => e with { DrainOnCancel = true });

        await AskAndLeaveAsync(peer);
        release.SetResult();

        await Eventually.HoldsAsync(async () => (await peer.BooksAsync()).SettledNanos == Cost, PeerCluster.Patience, Ct);
    }

    [Fact]
    [Trait("Peer", "35")]
    public async Task InterruptedCall_IsStillInTheBooks()
    {
        var provider = ScriptedCaller.Failing(ModelCallStatus.ConnectionLost, BillingCertainty.Unknown);
        await using var peer = await PeerCluster.StartAsync(100 * Cost, provider: provider);

        var attempt = Assert.Single((await peer.AskAsync()).Attempts);

        Assert.Equal((Booking.Unconfirmed, Cost), (attempt.Booking, attempt.CostNanos));
        Assert.Equal(Cost, (await peer.BooksAsync()).UnconfirmedUpperNanos);
    }

    [Fact]
    [Trait("Peer", "38")]
    public async Task SiloKilled_BeforeItReported_LosesNoSpend()
    {
        // What was settled is in the journal only, for as long as nothing is reported.
        await using var peer = await PeerCluster.StartAsync(100 * Cost, silos: 2, options: o => o.ReportInterval = TimeSpan.FromSeconds(5));
        for (var i = 0; i < 7; i++)
        {
            Assert.Equal(CascadeStatus.Answered, (await peer.AskAsync(silo: 1)).Status);
        }

        await peer.Cluster.KillSiloAsync(1);

        var budget = peer.Cluster.Silo(0).GetGrain<ITenantBudgetGrain>(PeerCluster.Account);
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await peer.AskAsync(silo: 0);
                    return (await budget.GetSnapshotAsync(collect: true, Ct)).SettledNanos == peer.Billed();
                }
                catch (Exception e) when (e is OrleansException or TimeoutException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(90),
            Ct);
    }

    [Fact]
    [Trait("Peer", "39")]
    public async Task RollingDeploy_CallsWhileEachSiloIsReplaced_AreAllBooked()
    {
        await using var peer = await PeerCluster.StartAsync(1_000 * Cost, silos: 2);
        for (var round = 0; round < 2; round++)
        {
            var asking = Enumerable.Range(0, 20).Select(i => peer.AskAsync(silo: i % 2).ContinueWith(_ => { }, TaskScheduler.Default)).ToList();
            await peer.Cluster.StopSiloAsync(1);
            await Task.WhenAll(asking);
            await peer.Cluster.StartSiloAsync();
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                var books = await peer.BooksAsync();
                return books.SettledNanos + books.UnconfirmedUpperNanos >= peer.Billed() && books.SettledNanos <= peer.Billed();
            },
            PeerCluster.Patience,
            Ct);
    }

    [Fact]
    [Trait("Peer", "40")]
    public async Task Spend_AfterARestart_IsWhatItWas()
    {
        await using var peer = await PeerCluster.StartAsync(100 * Cost, silos: 2);
        await peer.AskAllAsync(5, silos: 2);

        await peer.Cluster.StopSiloAsync(1);
        await peer.Cluster.StartSiloAsync();

        Assert.Equal(5 * Cost, (await peer.BooksAsync()).SettledNanos);
    }

    [Theory]
    [InlineData(ModelCallStatus.Cancelled)]
    [InlineData(ModelCallStatus.TimedOut)]
    [Trait("Peer", "41")]
    public async Task Call_ThatMayBeBilledThoughItBroke_IsHeldAndNotFree(ModelCallStatus how)
    {
        await using var peer = await PeerCluster.StartAsync(2 * Cost, provider: ScriptedCaller.Failing(how, BillingCertainty.Unknown));
        await peer.AskAsync();
        await peer.AskAsync();

        Assert.Equal(2 * Cost, (await peer.BooksAsync()).UnconfirmedUpperNanos);
        Assert.Equal(CascadeStatus.InsufficientQuota, (await peer.AskAsync()).Status);
        Assert.Equal(2, peer.Provider.Served.Count);
    }

    [Fact]
    [Trait("Peer", "43")]
    public async Task DroppedConnection_OnceItsCostIsKnown_GivesBackWhatItDidNotCost()
    {
        await using var peer = await PeerCluster.StartAsync(
            10 * Cost, provider: ScriptedCaller.Failing(ModelCallStatus.ConnectionLost, BillingCertainty.Unknown));
        var attempt = Assert.Single((await peer.AskAsync(maxTokens: 100)).Attempts).AttemptId;
        await peer.BooksAsync();

        await peer.Cluster.Budget(PeerCluster.Account).ReconcileAsync(
            new Reconciliation { Operation = new OperationId("export-1"), AttemptId = attempt, CostNanos = Cost }, Ct);

        var books = await peer.BooksAsync();
        Assert.Equal((Cost, 0L), (books.SettledNanos, books.UnconfirmedUpperNanos));
    }

    [Fact]
    [Trait("Peer", "44")]
    public async Task CancelButton_PressedOnEveryCall_IsNoBypass()
    {
        var billed = 0L;
        var provider = new ScriptedCaller(async (_, _) =>
        {
            await Task.Yield();
            Interlocked.Add(ref billed, Cost);
            return ScriptedCaller.Answer("42", 1, 10);
        });
        await using var peer = await PeerCluster.StartAsync(5 * Cost, provider: provider, endpoint: e => e with { DrainOnCancel = true });

        for (var i = 0; i < 30; i++)
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var asking = peer.AskAsync(ct: gone.Token);
            await gone.CancelAsync();
            await asking.ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await Eventually.HoldsAsync(async () => (await peer.BooksAsync()).SettledNanos == Interlocked.Read(ref billed), PeerCluster.Patience, Ct);
        Assert.True(billed <= 5 * Cost, $"billed {billed}");
    }

    private static (ScriptedCaller Provider, TaskCompletionSource Release) Held()
    {
        var release = new TaskCompletionSource();
        return (new ScriptedCaller(async (_, _) =>
        {
            await release.Task;
            return ScriptedCaller.Answer("42", 1, 10);
        }), release);
    }

    private static async Task AskAndLeaveAsync(PeerCluster peer)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asking = peer.AskAsync(ct: gone.Token);
        await Eventually.HoldsAsync(() => peer.Provider.InFlight == 1, PeerCluster.Patience, Ct);
        await gone.CancelAsync();
        _ = asking.ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
