using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>What a reader that goes away costs, by the endpoint's policy, and what the provider sees of it.</summary>
[Collection(HostileCollection.Name)]
public sealed class LeaverTests(HostileFixture fixture)
{
    public static TheoryData<string> Every => [.. Leaver.All.Select(leaver => leaver.Name)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Stream_ReaderLeaves_IsReadOnOrBrokenOffAndChargedByThePolicy(string name)
    {
        var leaver = Leaver.All.Single(each => each.Name == name);
        var stub = fixture.StubOf(leaver.Mode);
        var router = fixture.Cluster.Silo(0).GetGrain<ICascadeRouterGrain>(0);
        await foreach (var update in router.StreamAsync(CascadeTestCluster.Request(leaver.Account, leaver.Name), Ct))
        {
            if (update.Kind == CascadeUpdateKind.Text)
            {
                break;
            }
        }

        var attempt = stub.Requests.Single(request => request.Model == leaver.Name).AttemptId;
        if (leaver.Drains)
        {
            leaver.Release();
        }
        else
        {
            await Eventually.HoldsAsync(() => stub.Abandoned.Contains(attempt), HostileFixture.Patience, Ct);
        }

        await Eventually.HoldsAsync(async () => (await fixture.EndpointAsync(leaver.Name)).Usage.Calls == 1, HostileFixture.Patience, Ct);
        await fixture.IsAtRestAsync(leaver.Name, leaver.Account);
        var billed = Assert.Single(await fixture.BillsAsync(leaver.Name, leaver.Mode)).Nanos;
        var books = await fixture.BooksAsync(leaver.Account);
        Assert.Equal(leaver.Drains, !stub.Abandoned.Contains(attempt));
        if (leaver.Drains)
        {
            Assert.Equal((billed, 0), (books.SettledNanos, books.UnconfirmedUpperNanos));
        }
        else if (leaver.Mode == HostileMode.Counted)
        {
            Assert.True(books.SettledNanos >= billed && books.UnconfirmedUpperNanos == 0, $"billed {billed}: {books}");
        }
        else
        {
            Assert.Equal(0, books.SettledNanos);
            Assert.True(books.UnconfirmedLowerNanos <= billed && billed <= books.UnconfirmedUpperNanos && books.UnconfirmedLowerNanos > 0, $"billed {billed}: {books}");
        }
    }
}
