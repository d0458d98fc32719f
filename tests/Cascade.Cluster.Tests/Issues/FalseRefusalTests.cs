using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Cluster.Tests.Issues;

/// <summary>How peers refuse what could be paid, each as a test that it is served here. The trait is the number in the list of their issues.</summary>
public sealed class FalseRefusalTests
{
    private const long Cost = PeerCluster.Cost;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Peer", "23")]
    public async Task Reservations_OfFailedCalls_DoNotLeak()
    {
        var fail = true;
        var provider = new ScriptedCaller((_, _) => Task.FromResult(Volatile.Read(ref fail)
            ? new ModelCallResult { Status = ModelCallStatus.ProviderError, Billing = BillingCertainty.NotBilled, Error = "http-503" }
            : ScriptedCaller.Answer("42", 1, 100)));
        await using var peer = await PeerCluster.StartAsync(10 * Cost, provider: provider);
        await peer.AskAllAsync(50);
        Volatile.Write(ref fail, false);

        // The whole budget in one call: nothing of the fifty may still be held.
        var reply = await peer.AskAsync(maxTokens: 100);

        Assert.Equal((CascadeStatus.Answered, false), (reply.Status, reply.BudgetLimited));
        Assert.Equal(10 * Cost, (await peer.BooksAsync()).SettledNanos);
    }

    [Fact]
    [Trait("Peer", "24")]
    public async Task CancelledCall_GivesItsReservationBack()
    {
        var hold = true;
        var provider = new ScriptedCaller(async (_, ct) =>
        {
            if (!Volatile.Read(ref hold))
            {
                return ScriptedCaller.Answer("42", 1, 100);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ContinueWith(_ => { }, TaskScheduler.Default);
            return new ModelCallResult { Status = ModelCallStatus.Cancelled, Billing = BillingCertainty.NotBilled, Error = "cancelled" };
        });
        await using var peer = await PeerCluster.StartAsync(10 * Cost, provider: provider);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var asking = peer.AskAsync(maxTokens: 100, ct: gone.Token);
        await Eventually.HoldsAsync(() => provider.InFlight == 1, PeerCluster.Patience, Ct);
        await gone.CancelAsync();
        await asking.ContinueWith(_ => { }, TaskScheduler.Default);
        await Eventually.HoldsAsync(() => provider.InFlight == 0, PeerCluster.Patience, Ct);
        Volatile.Write(ref hold, false);

        var reply = await peer.AskAsync(maxTokens: 100);

        Assert.Equal((CascadeStatus.Answered, false), (reply.Status, reply.BudgetLimited));
    }

    [Fact]
    [Trait("Peer", "25")]
    public async Task Spend_CollectedFromThreeSilosAtOnce_IsCountedOnce()
    {
        await using var peer = await PeerCluster.StartAsync(100 * Cost, silos: 3);
        await peer.AskAllAsync(30, silos: 3);

        var books = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => peer.BooksAsync()));

        Assert.All(books, snapshot => Assert.Equal(30 * Cost, snapshot.SettledNanos));
    }

    [Fact]
    [Trait("Peer", "26")]
    public async Task Ledger_WritesWhoseReplyIsLost_AreNotCountedTwice()
    {
        await using var peer = await PeerCluster.StartAsync(100 * Cost, silos: 2);
        for (var i = 0; i < 20; i++)
        {
            if (i % 4 == 0)
            {
                peer.Cluster.Storage.LoseReplies(1);
            }

            await peer.AskAsync(silo: i % 2);
        }

        // From here on the storage is well: reading the books writes too, and must not be what is hit.
        peer.Cluster.Storage.LoseReplies(0);
        Assert.True(peer.Cluster.Storage.RepliesLost > 0, "no reply was lost");

        await Eventually.HoldsAsync(async () => (await peer.BooksAsync()).SettledNanos == peer.Billed(), PeerCluster.Patience, Ct);
    }

    [Fact]
    [Trait("Peer", "27")]
    public async Task Spend_OneProcessAndNoFault_EqualsTheProvidersBill()
    {
        var tokens = 0;
        var provider = new ScriptedCaller((_, _) => Task.FromResult(ScriptedCaller.Answer("42", 1, Interlocked.Increment(ref tokens) % 11)));
        await using var peer = await PeerCluster.StartAsync(1_000 * Cost, provider: provider);

        await peer.AskAllAsync(200);

        var books = await peer.BooksAsync();
        Assert.Equal((peer.Billed(), 200L, 0L), (books.SettledNanos, books.Requests, books.UnconfirmedUpperNanos));
    }

    [Fact]
    [Trait("Peer", "28")]
    public async Task Settle_RealCostFarBelowTheBound_GivesTheRestBackAtOnce()
    {
        await using var peer = await PeerCluster.StartAsync(15 * Cost, provider: ScriptedCaller.Answering("42", outputTokens: 1));
        for (var i = 0; i < 50; i++)
        {
            var reply = await peer.AskAsync(maxTokens: 100);
            Assert.Equal((CascadeStatus.Answered, false), (reply.Status, reply.BudgetLimited));
        }

        Assert.Equal(5 * Cost, (await peer.BooksAsync()).SettledNanos);
    }

    [Fact]
    [Trait("Peer", "29")]
    public async Task Cleanup_RepeatedAfterAFailure_CountsOnce()
    {
        var provider = ScriptedCaller.Failing(ModelCallStatus.ConnectionLost, BillingCertainty.Unknown);
        await using var peer = await PeerCluster.StartAsync(100 * Cost, provider: provider);
        var attempt = Assert.Single((await peer.AskAsync()).Attempts).AttemptId;
        await peer.BooksAsync();
        var truth = new Reconciliation { Operation = new OperationId("op-1"), AttemptId = attempt, CostNanos = Cost / 2 };
        peer.Cluster.Storage.LoseReplies(1);

        // The reply that is lost may be that of a report; then the second call is a plain repetition.
        await Record.ExceptionAsync(() => peer.Cluster.Budget(PeerCluster.Account).ReconcileAsync(truth, Ct));
        var again = await peer.Cluster.Budget(PeerCluster.Account).ReconcileAsync(truth, Ct);

        Assert.Equal(BudgetStatus.Ok, again);
        Assert.Equal((Cost / 2, 0L), ((await peer.BooksAsync()).SettledNanos, (await peer.BooksAsync()).UnconfirmedUpperNanos));
    }

    [Fact]
    [Trait("Peer", "30")]
    public async Task Agent_HugeMaxTokens_IsClampedAndNotRefusedAndLeavesTheBudgetToOthers()
    {
        await using var peer = await PeerCluster.StartAsync(25 * Cost, endpoint: e => e with { MaxOutputTokens = 1_000_000 });

        for (var i = 0; i < 10; i++)
        {
            var reply = await peer.AskAsync(maxTokens: 1_000_000);
            Assert.Equal(CascadeStatus.Answered, reply.Status);
            Assert.True(Assert.Single(reply.Attempts).Clamped);
        }

        Assert.Equal(10 * Cost, (await peer.BooksAsync()).SettledNanos);
    }

    [Fact]
    [Trait("Peer", "31")]
    public async Task Budget_AfterARestart_IsNotRefusedBelowTheCap()
    {
        await using var peer = await PeerCluster.StartAsync(10 * Cost, silos: 2);
        for (var i = 0; i < 4; i++)
        {
            await peer.AskAsync(silo: 1);
        }

        await peer.Cluster.StopSiloAsync(1);
        await peer.Cluster.StartSiloAsync();

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(CascadeStatus.Answered, (await peer.AskAsync(silo: i % 2)).Status);
        }

        Assert.Equal(10 * Cost, (await peer.BooksAsync()).SettledNanos);
    }

    [Fact]
    [Trait("Peer", "32")]
    public async Task BudgetLimited_ThreePercentSpent_IsNotSaid()
    {
        await using var peer = await PeerCluster.StartAsync(100 * Cost);

        var replies = await peer.AskAllAsync(3);

        Assert.All(replies, reply => Assert.False(reply.BudgetLimited));
        Assert.Equal(97 * Cost, 100 * Cost - (await peer.BooksAsync()).SettledNanos);
    }
}
