using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>Many callers at a provider that turns everybody away.</summary>
[Collection(HostileCollection.Name)]
public sealed class StormTests(HostileFixture fixture)
{
    private const int Callers = 80;

    [Fact]
    public async Task Storm_WithoutAWordOfWhenToComeBack_CostsNothingAndIsTheProvidersLimit()
    {
        var attempts = await AskAsync(Storm.Silent);

        Assert.All(attempts, attempt => Assert.Equal(AttemptBlame.ProviderLimit, attempt.Blame));
        Assert.InRange(fixture.StubOf(HostileMode.Streamed).Requests.Count(request => request.Model == Storm.Silent.Name), 1, Callers);
    }

    [Fact]
    public async Task Storm_ThatSaysWhenToComeBack_IsLeftAloneByBothSilos()
    {
        var attempts = await AskAsync(Storm.Telling);

        var (turnedAway, paused) = (attempts.Count(a => a.Stage == AttemptStage.Reading), attempts.Count(a => a.Stage == AttemptStage.Queued));
        Assert.All(attempts, attempt => Assert.Equal(AttemptBlame.ProviderLimit, attempt.Blame));
        Assert.InRange(turnedAway, 1, Storm.MaxInFlight);
        Assert.Equal(Callers - turnedAway, paused);
        Assert.Equal(turnedAway, fixture.StubOf(HostileMode.Streamed).Requests.Count(request => request.Model == Storm.Telling.Name));
    }

    private async Task<IReadOnlyList<AttemptRecord>> AskAsync(Storm storm)
    {
        var started = TimeProvider.System.GetTimestamp();
        var asked = Enumerable.Range(0, Callers).Select(i => fixture.AskAsync(CascadeTestCluster.Request(Storm.Account, storm.Name), streams: i % 4 < 2, silo: i));

        var replies = await Task.WhenAll(asked).WaitAsync(HostileFixture.Patience, TestContext.Current.CancellationToken);

        Assert.True(TimeProvider.System.GetElapsedTime(started) < HostileFixture.Patience);
        var attempts = replies.SelectMany(reply => reply.Reply.Attempts).ToList();
        Assert.Equal(Callers, attempts.Count);
        Assert.All(attempts, attempt => Assert.Equal((0, 0), (attempt.CostNanos, attempt.LeastCostNanos)));
        Charge.CheckBooks([], await fixture.BooksAsync(Storm.Account));
        Assert.Empty(await fixture.BillsAsync(storm.Name, HostileMode.Streamed));
        await fixture.IsAtRestAsync(storm.Name, Storm.Account);
        return attempts;
    }
}
