using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Storage.Journal;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class PurseLeaseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reserve_OwnLeaseIsPastItsTime_RenewsItInsteadOfAskingForMore()
    {
        using var fixture = new PurseFixture(100);
        fixture.Void(await fixture.HoldAsync("a", 100));
        fixture.Time.Advance(fixture.Options.LeaseLifetime - fixture.Options.LeaseMargin);

        var hold = await fixture.HoldAsync("b", 10).WaitAsync(TimeSpan.FromSeconds(10), Ct);

        Assert.Equal(10, hold.Nanos);
        Assert.Single(fixture.Grain.Acquires);
        Assert.Equal([false], fixture.Grain.Reports.Select(r => r.Close));
    }

    [Fact]
    public async Task Tend_WhileTheGrainIsAskedForMore_KeepsTheLease()
    {
        using var fixture = new PurseFixture(200);
        await fixture.SpendAsync("a", 80, 80);
        var lease = fixture.Grain.Acquires[0];
        var reply = new TaskCompletionSource<LeaseReply>();
        fixture.Grain.OnAcquire = _ => reply.Task;
        using var goesAway = new CancellationTokenSource();
        var waiting = fixture.ReserveAsync("b", 20, ct: goesAway.Token);
        await goesAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        fixture.Time.Advance(fixture.Options.LeaseIdle);
        await fixture.Purse.TendAsync(giveAllBack: false);
        Assert.Equal([false], fixture.Grain.Reports.Select(r => r.Close));
        reply.SetResult(fixture.Grain.Grant(fixture.Grain.Acquires[1]));
        fixture.Grain.OnAcquire = null;

        // Of the 200 exactly 120 are left: one more is refused, so the lease's 80 are counted once and not forgotten.
        Assert.Equal(ReserveOutcome.CapReached, (await fixture.ReserveAsync("c", 121).WaitAsync(Ct)).Outcome);
        var hold = await fixture.HoldAsync("d", 120).WaitAsync(Ct);
        Assert.Equal($"lease-{lease.Operation.Value}", hold.Session.Book.LeaseId);
        Assert.Equal(80, hold.Session.Book.Settled.Nanos);
    }

    [Fact]
    public async Task Acquire_LeaseIsFencedMeanwhile_DoesNotComeBackAsASecondBook()
    {
        using var fixture = new PurseFixture(200);
        var running = await fixture.HoldAsync("a", 80);
        var reply = new TaskCompletionSource<LeaseReply>();
        fixture.Grain.OnAcquire = _ => reply.Task;
        var waiting = fixture.ReserveAsync("b", 20);

        fixture.Purse.Fence(running.Session);
        fixture.Grain.OnAcquire = null;
        reply.SetResult(fixture.Grain.Grant(fixture.Grain.Acquires[1]));

        var hold = (await waiting.WaitAsync(Ct)).Hold!;
        Assert.NotEqual(running.Session.Book.LeaseId, hold.Session.Book.LeaseId);
        Assert.NotEqual(running.Session.Holder, hold.Session.Holder);
        Assert.Null(fixture.Grain.Acquires[^1].Usage);
    }

    [Fact]
    public async Task Fence_LeaseWithHoldsNotStarted_StartsNoneOfThem()
    {
        using var fixture = new PurseFixture();
        var started = await fixture.HoldAsync("a", 10);
        Assert.True(fixture.Start(started));
        var late = await fixture.HoldAsync("b", 10);

        fixture.Purse.Fence(late.Session);

        Assert.False(fixture.Start(late));
        Assert.NotEqual(late.Session, (await fixture.HoldAsync("c", 10)).Session);
    }

    [Fact]
    public async Task Tend_FencedLease_IsClosedOnlyWhenItsLastCallEnded()
    {
        using var fixture = new PurseFixture();
        var running = await fixture.HoldAsync("a", 10);
        fixture.Start(running);
        fixture.Purse.Fence(running.Session);

        await fixture.Purse.TendAsync(giveAllBack: false);
        Assert.Empty(fixture.Grain.Reports);
        fixture.Settle(running, 7);
        await fixture.Purse.TendAsync(giveAllBack: false);

        Assert.Equal([(true, 7L)], fixture.Grain.Reports.Select(r => (r.Close, r.Usage.SettledNanos)));
        Assert.Null(fixture.Purse.Collect(running.Session.Book.LeaseId, release: false));
    }

    [Fact]
    public async Task Tend_GrainKnowsTheLeaseNoMore_FencesIt()
    {
        using var fixture = new PurseFixture();
        var hold = await fixture.HoldAsync("a", 10);
        fixture.Purse.CountRequest();
        fixture.Grain.OnReport = _ => Task.FromResult(new UsageReply { Status = BudgetStatus.UnknownLease });

        await fixture.Purse.TendAsync(giveAllBack: false);

        Assert.False(fixture.Start(hold));
        Assert.NotEqual(hold.Session, (await fixture.HoldAsync("b", 10)).Session);
    }

    [Fact]
    public async Task Tend_ALeaseCannotBeClosed_TheOneInUseIsRenewedAllTheSame()
    {
        using var fixture = new PurseFixture(configure: o => o.LeaseReservations = 2);
        fixture.Grain.OnReport = report => report.Close
            ? throw new JournalUnavailableException(new JournalKey("acme", report.Usage.LeaseId), "seal")
            : Task.FromResult(fixture.Grain.Book(report));
        await fixture.SpendAsync("a", 1, 1);
        await fixture.SpendAsync("b", 1, 1);
        var running = await fixture.HoldAsync("c", 1);
        Assert.Equal(2, fixture.Grain.State.Leases.Count);
        fixture.Purse.CountRequest();

        for (var seconds = 0; seconds < 60; seconds += 10)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(10));
            await fixture.Purse.TendAsync(giveAllBack: false);
        }

        Assert.Equal((false, running.Session.Book.LeaseId), (fixture.Grain.Reports[0].Close, fixture.Grain.Reports[0].Usage.LeaseId));
        Assert.Contains(fixture.Grain.Reports, r => r.Close);
        fixture.Void(running);
        var next = fixture.ReserveAsync("d", 1);
        Assert.True(next.IsCompleted, "the lease in use was not renewed");
        Assert.Equal(running.Session, (await next).Hold!.Session);
    }

    [Fact]
    public async Task Tend_AnEarlierOneStillWaitsForTheGrain_ReturnsAtOnce()
    {
        using var fixture = new PurseFixture();
        await fixture.SpendAsync("a", 10, 5);
        var reply = new TaskCompletionSource<UsageReply>();
        fixture.Grain.OnReport = _ => reply.Task;
        var first = fixture.Purse.TendAsync(giveAllBack: false);

        Assert.True(fixture.Purse.TendAsync(giveAllBack: false).IsCompletedSuccessfully);
        Assert.Single(fixture.Grain.Reports);
        Assert.False(first.IsCompleted);
        reply.SetResult(fixture.Grain.Book(fixture.Grain.Reports[0]));
        await first.WaitAsync(Ct);
    }

    [Fact]
    public async Task Tend_SiloOfTheGrainDoesNotKnowTheAccount_TheLeaseIsClosedByTheNextOne()
    {
        using var fixture = new PurseFixture();
        await fixture.SpendAsync("a", 10, 7);
        fixture.Grain.OnReport = static _ => Task.FromResult(new UsageReply { Status = BudgetStatus.UnknownAccount });
        await fixture.Purse.TendAsync(giveAllBack: true);
        Assert.False(fixture.Purse.IsAtRest);

        fixture.Grain.OnReport = null;
        await fixture.Purse.TendAsync(giveAllBack: true);

        Assert.True(fixture.Purse.IsAtRest);
        Assert.Equal((true, 7L), (fixture.Grain.Reports[^1].Close, fixture.Grain.Reports[^1].Usage.SettledNanos));
    }

    [Fact]
    public async Task Tend_LeaseLiesIdle_IsGivenBackWhole()
    {
        using var fixture = new PurseFixture(100);
        await fixture.SpendAsync("a", 40, 5);
        await fixture.Purse.TendAsync(giveAllBack: false);
        Assert.Single(fixture.Grain.State.Leases);

        fixture.Time.Advance(fixture.Options.LeaseIdle);
        await fixture.Purse.TendAsync(giveAllBack: false);

        Assert.Empty(fixture.Grain.State.Leases);
        Assert.Equal(5, fixture.Grain.State.Settled.Nanos);
        Assert.Equal(95, (await fixture.HoldAsync("b", 95)).Nanos);
    }

    [Fact]
    public async Task Tend_JournalEntryNotYetDurable_KeepsTheLeaseOpen()
    {
        using var fixture = new PurseFixture();
        var hold = await fixture.HoldAsync("a", 10);
        fixture.Purse.CountWrite(hold.Session, +1);
        fixture.Settle(hold, 5);

        await fixture.Purse.TendAsync(giveAllBack: true);
        Assert.Equal([false], fixture.Grain.Reports.Select(r => r.Close));
        fixture.Purse.CountWrite(hold.Session, -1);
        await fixture.Purse.TendAsync(giveAllBack: true);

        Assert.Equal([false, true], fixture.Grain.Reports.Select(r => r.Close));
    }

    [Fact]
    public async Task Reserve_LeaseHasMadeItsReservations_TakesANewOneUnderAnotherSlot()
    {
        using var fixture = new PurseFixture(configure: o => o.LeaseReservations = 2);
        var a = await fixture.HoldAsync("a", 10);
        var b = await fixture.HoldAsync("b", 10);

        var c = await fixture.HoldAsync("c", 10);

        Assert.Equal(a.Session, b.Session);
        Assert.NotEqual(a.Session.Holder, c.Session.Holder);
        Assert.Null(fixture.Grain.Acquires[^1].Usage);
        fixture.Settle(a, 4);
        fixture.Settle(b, 3);
        await fixture.Purse.TendAsync(giveAllBack: false);
        Assert.Equal([c.Session.Book.LeaseId], fixture.Grain.State.Leases.Keys);
        Assert.Equal(7, fixture.Grain.State.Settled.Nanos);
    }

    [Fact]
    public async Task Reserve_EverySlotRunsOut_StaysWithTheLeaseItHas()
    {
        using var fixture = new PurseFixture(configure: o => o.LeaseReservations = 1);
        var holds = new List<TestHold>();
        for (var i = 0; i < 6; i++)
        {
            holds.Add(await fixture.HoldAsync($"a-{i}", 10));
        }

        Assert.Equal(4, holds.Select(h => h.Session.Holder).Distinct().Count());
        Assert.Equal(holds[3].Session, holds[5].Session);
    }

    [Fact]
    public async Task CountRequest_BetweenTwoLeases_IsReportedUnderTheNext()
    {
        using var fixture = new PurseFixture();
        fixture.Purse.CountRequest();
        await fixture.SpendAsync("a", 10, 5);
        await fixture.Purse.TendAsync(giveAllBack: true);
        Assert.Empty(fixture.Grain.State.Leases);

        fixture.Purse.CountRequest();
        await fixture.SpendAsync("b", 10, 5);
        await fixture.Purse.TendAsync(giveAllBack: true);

        Assert.Equal((2L, 10L), (fixture.Grain.State.Requests, fixture.Grain.State.Settled.Nanos));
    }

    [Fact]
    public async Task CountRequest_LeaseRunsOut_IsReportedUnderIt()
    {
        using var fixture = new PurseFixture(configure: o => o.LeaseReservations = 1);
        for (var i = 0; i < 5; i++)
        {
            await fixture.SpendAsync($"a-{i}", 10, 1);
            fixture.Purse.CountRequest();
        }

        await fixture.Purse.TendAsync(giveAllBack: true);

        Assert.Equal((5L, 5L), (fixture.Grain.State.Requests, fixture.Grain.State.Settled.Nanos));
    }

    [Fact]
    public async Task CountRequest_WhileTheLeaseIsBeingClosed_IsNotLost()
    {
        using var fixture = new PurseFixture();
        await fixture.SpendAsync("a", 10, 5);
        var reply = new TaskCompletionSource<UsageReply>();
        fixture.Grain.OnReport = _ => reply.Task;
        var closing = fixture.Purse.TendAsync(giveAllBack: true);

        fixture.Purse.CountRequest();
        fixture.Grain.OnReport = null;
        reply.SetResult(fixture.Grain.Book(fixture.Grain.Reports[0]));
        await closing.WaitAsync(Ct);
        await fixture.SpendAsync("b", 10, 5);
        await fixture.Purse.TendAsync(giveAllBack: true);

        Assert.Equal(1, fixture.Grain.State.Requests);
    }

    [Fact]
    public async Task Collect_MoneyIsShort_GivesBackWhatIsFreeAndKeepsWhatIsReserved()
    {
        using var fixture = new PurseFixture();
        var free = await fixture.HoldAsync("a", 60);
        fixture.Void(free);
        await fixture.HoldAsync("b", 20);
        var id = free.Session.Book.LeaseId;

        Assert.Equal(0, fixture.Purse.Collect(id, release: false)!.ReleasedNanos);
        Assert.Equal(40, fixture.Purse.Collect(id, release: true)!.ReleasedNanos);
        Assert.Null(fixture.Purse.Collect("another", release: true));
    }
}
