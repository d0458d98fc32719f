using Cascade.Contracts;
using Cascade.TestKit.Providers;
using Xunit;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>Every fault of a provider, through silos, leases, the journal and real HTTP, to the books.</summary>
[Collection(HostileCollection.Name)]
public sealed class HostileProviderTests(HostileFixture fixture)
{
    public static TheoryData<string> Every => [.. HostileFixture.Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Every))]
    public void Fault_BlamesWhoIsToBlameAndSaysHowFarItCame(string name)
    {
        var (target, result) = Find(name);
        var expected = target.Expected;

        var attempt = Assert.Single(result.Reply.Attempts);

        Assert.Equal((expected.Blame, expected.Stage, expected.Error), (attempt.Blame, attempt.Stage, attempt.Error));
        var words = expected.HasWords && (target.Mode != HostileMode.Buffered || expected.Blame == AttemptBlame.None);
        Assert.Equal(words, result.Text.Length > 0);
        Assert.Equal(StatusOf(expected, words), result.Reply.Status);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Fault_IsChargedWhatTheProviderBillsOrHoldsAnIntervalAroundIt(string name)
    {
        var (target, result) = Find(name);
        var attempt = result.Attempt;
        var bills = await fixture.BillsAsync(target.Name, target.Mode);
        var books = await fixture.BooksAsync(target.Account);

        Assert.Equal((target.Expected.Booking, target.Expected.Source), (attempt.Booking, attempt.UsageSource));
        Assert.All(bills, bill => Assert.Equal(attempt.AttemptId, bill.AttemptId));
        Charge.Check(attempt, bills.Sum(bill => bill.Nanos), target.Expected.IsLie);
        Charge.CheckBooks([attempt], books);
        Assert.Equal(Math.Max(0, Charge.Settled(attempt) - attempt.ReservedNanos), books.OverrunNanos);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Fault_LeaksNeitherPermitNorReservation(string name)
    {
        var (target, _) = Find(name);

        await fixture.IsAtRestAsync(target.Name, target.Account);

        var endpoint = await fixture.EndpointAsync(target.Name);
        Assert.Equal(1, endpoint.Usage.Calls);
        Assert.Equal(target.Expected.Blame == AttemptBlame.None ? 0 : 1, endpoint.Usage.Failures);
        var pause = target.Expected.PauseSeconds;
        Assert.InRange(endpoint.PausedFor.TotalSeconds, pause > 0 ? pause - 120 : 0, pause);
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void Fault_EndsWhenItsTimeIsUpAndNotBefore(string name)
    {
        var (target, result) = Find(name);

        Assert.False(result.EndedEarly, "it ended before its time");
        Assert.True(result.Late < HostileFixture.Patience / 2, $"it took {result.Late} once its time was up");
        Assert.True(result.Attempt.Duration < HostileFixture.Patience, $"the attempt took {result.Attempt.Duration}");
    }

    [Fact]
    public async Task AllFaults_TogetherAreInTheBooksOfTheParent()
    {
        var attempts = HostileFixture.Targets.Select(target => fixture.ResultOf(target).Attempt).ToList();

        Charge.CheckBooks(attempts, await fixture.BooksAsync(HostileFixture.Parent));
    }

    [Fact]
    public void Cases_AreOfEveryFaultThatTheStubHas()
    {
        var faults = HostileFixture.Targets.Select(target => target.Fault).ToList();
        var missing = typeof(StubFault).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(StubFault))).Except(faults.Select(fault => fault.GetType()));

        Assert.Empty(missing.Select(type => type.Name));
        Assert.Empty(Enum.GetValues<StubUsage>().Except(faults.OfType<StubFault.StreamedUsage>().Select(fault => fault.Kind)));
    }

    private static CascadeStatus StatusOf(Expected expected, bool words) => expected switch
    {
        { Blame: AttemptBlame.None } => CascadeStatus.Answered,
        { Blame: AttemptBlame.Caller } => CascadeStatus.InvalidRequest,
        { Blame: AttemptBlame.ProviderLimit, PauseSeconds: > 0 } => CascadeStatus.Overloaded,
        _ => words ? CascadeStatus.StreamBroken : CascadeStatus.ProviderFailed,
    };

    private (HostileTarget Target, HostileResult Result) Find(string name)
    {
        var target = HostileFixture.Targets.Single(target => target.Name == name);
        return (target, fixture.ResultOf(target));
    }
}
