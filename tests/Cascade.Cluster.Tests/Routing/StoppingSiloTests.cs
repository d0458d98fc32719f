using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Routing;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>A silo that stops while a client outside of it reads a stream.</summary>
public sealed class StoppingSiloTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_ItsSiloStops_IsReadToItsEnd()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var caller = new StreamingCaller(async (_, sink, _) =>
        {
            sink.Accept("forty");
            await first.Task;
            sink.Accept("-two");
            await second.Task;
            return ScriptedCaller.Answer("forty-two", 1, 10);
        });
        var model = new TestModel().Endpoint("m", caller).Account("acme", 1_000_000).Build();
        await using var cluster = await CascadeTestCluster.StartAsync(2, model, static o => o.StopWait = Patience);
        await using var updates = cluster.Client.GetGrain<ICascadeRouterGrain>(0).StreamAsync(CascadeTestCluster.Request("acme", "m"), Ct).GetAsyncEnumerator(Ct);
        await ReadAsync(updates, "forty");
        var silo = cluster.ServicesOf(0).GetRequiredService<BudgetAgent>().LeaseCount > 0 ? 0 : 1;
        var requests = cluster.ServicesOf(silo).GetRequiredService<RequestsUnderWay>();

        var stopping = cluster.StopSiloAsync(silo);
        await Eventually.HoldsAsync(() => Task.FromResult(requests.IsStopping), Patience, Ct);
        first.SetResult();
        await ReadAsync(updates, "-two");
        Assert.False(stopping.IsCompleted);
        second.SetResult();

        while (updates.Current.Reply is null)
        {
            Assert.True(await updates.MoveNextAsync());
        }

        Assert.Equal((CascadeStatus.Answered, ""), (updates.Current.Reply.Status, updates.Current.Reply.Problem));
        await stopping.WaitAsync(Patience, Ct);
    }

    private static async Task ReadAsync(IAsyncEnumerator<CascadeUpdate> updates, string text)
    {
        do
        {
            Assert.True(await updates.MoveNextAsync().AsTask().WaitAsync(Patience, Ct));
        }
        while (updates.Current.Text != text);
    }
}
