using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Cluster.Tests.Issues;

/// <summary>How peers let streams past their budgets. The trait is the number in the list of their issues.</summary>
public sealed class StreamedSpendTests
{
    private const long Bound = 100 * TestModel.TokenNanos;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Peer", "18")]
    public async Task Stream_AnotherOneHoldsTheLastMoney_IsRefusedBeforeItsFirstWord()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var provider = new StreamingCaller(async (_, sink, _) =>
        {
            sink.Accept("first");
            await end.Task;
            return ScriptedCaller.Answer("first", 1, 100);
        });
        await using var cluster = await StartAsync(provider, Bound + (Bound / 20));
        await using var first = Stream(cluster).GetAsyncEnumerator(Ct);
        Assert.True(await first.MoveNextAsync());

        var second = await Stream(cluster).ToListAsync(Ct);

        Assert.Equal(CascadeStatus.BudgetUnavailable, Assert.Single(second).Reply!.Status);
        Assert.Equal(1, provider.InFlight);
        end.SetResult();
        while (await first.MoveNextAsync())
        {
        }

        Assert.Equal(Bound, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Theory]
    [InlineData(BillingCertainty.Reported)]
    [InlineData(BillingCertainty.Unknown)]
    [Trait("Peer", "34")]
    public async Task Stream_ReaderLeavesAfterAWord_IsNeverFree(BillingCertainty billing)
    {
        var provider = new StreamingCaller(async (_, sink, ct) =>
        {
            sink.Accept("first");
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = ct.Register(() => left.TrySetResult());
            await left.Task;
            return new ModelCallResult { Status = ModelCallStatus.Cancelled, Billing = billing, OutputTokens = 30, LeastOutputTokens = 1, Error = "cancelled" };
        });
        await using var cluster = await StartAsync(provider, 10 * Bound);

        await foreach (var update in Stream(cluster))
        {
            if (update.Kind == CascadeUpdateKind.Text)
            {
                break;
            }
        }

        var (settled, held) = billing == BillingCertainty.Reported ? (30 * TestModel.TokenNanos, 0L) : (0L, Bound);
        await Eventually.HoldsAsync(
            async () => await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct) is var books && (books.SettledNanos, books.UnconfirmedUpperNanos) == (settled, held),
            PeerCluster.Patience,
            Ct);
    }

    private static Task<CascadeTestCluster> StartAsync(StreamingCaller provider, long cap) => CascadeTestCluster.StartAsync(
        1, new TestModel().Endpoint("m", provider).Account("acme", cap).Build(), o => o.ReservationWait = TimeSpan.FromMilliseconds(100));

    private static IAsyncEnumerable<CascadeUpdate> Stream(CascadeTestCluster cluster) =>
        cluster.Client.GetGrain<ICascadeRouterGrain>(0).StreamAsync(CascadeTestCluster.Request("acme", "m"), Ct);
}
