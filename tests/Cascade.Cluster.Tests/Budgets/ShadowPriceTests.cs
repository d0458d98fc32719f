using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

public sealed class ShadowPriceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_RefusedForMoney_DoesNotLowerThePrice()
    {
        const int Cost = 25;
        var model = new TestModel()
            .Endpoint("m", ScriptedCaller.Answering("42", outputTokens: Cost), e => e with { MaxOutputTokens = Cost, MinOutputTokens = Cost })
            .Account("acme", ((2 * Cost) + 10) * TestModel.TokenNanos, expectedRequests: 12)
            .Build();
        await using var cluster = await CascadeTestCluster.StartAsync(1, model);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(CascadeStatus.Answered, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
        }

        var before = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(CascadeStatus.InsufficientQuota, (await cluster.AskAsync("acme", "m", silo: 0, ct: Ct)).Status);
        }

        var after = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        Assert.True(before.ShadowPrice > 0, "two requests at five times the plan must have raised the price");
        Assert.Equal(before.ShadowPrice, after.ShadowPrice);
        Assert.Equal(2, after.Requests);
    }
}
