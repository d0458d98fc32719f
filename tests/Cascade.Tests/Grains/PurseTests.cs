using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>Who gets money, how much, and when. What becomes of the leases is in <see cref="PurseLeaseTests"/>.</summary>
public sealed class PurseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reserve_LeaseHasEnough_AsksNobody()
    {
        using var fixture = new PurseFixture();
        fixture.Void(await fixture.HoldAsync("a", 40));

        var hold = await fixture.HoldAsync("b", 40);

        Assert.Equal((40L, false), (hold.Nanos, hold.Clamped));
        Assert.Single(fixture.Grain.Acquires);
    }

    [Fact]
    public async Task Reserve_CancelledBefore_HasNoEffect()
    {
        using var fixture = new PurseFixture();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.ReserveAsync("a", 10, ct: new CancellationToken(true)));

        Assert.Empty(fixture.Grain.Acquires);
    }

    [Fact]
    public async Task Reserve_CancelledWhileItWaits_LeavesTheLineToTheNext()
    {
        using var fixture = new PurseFixture(100);
        var giveBack = fixture.Grain.LeaseElsewhere(100);
        using var goesAway = new CancellationTokenSource();
        var first = fixture.ReserveAsync("a", 80, ct: goesAway.Token);
        var second = fixture.ReserveAsync("b", 30);

        giveBack();
        await goesAway.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(goesAway.Token, cancelled.CancellationToken);
        Assert.Equal(30, (await second.WaitAsync(Ct)).Hold!.Nanos);
    }

    [Fact]
    public async Task Reserve_MoreWaitThanMay_IsRefusedAtOnce()
    {
        using var fixture = new PurseFixture(100, o => o.ReservationQueue = 2);
        fixture.Grain.LeaseElsewhere(100);
        var waiting = new[] { fixture.ReserveAsync("a", 10), fixture.ReserveAsync("b", 10) };

        var refused = fixture.ReserveAsync("c", 10);

        Assert.True(refused.IsCompleted);
        Assert.Equal(ReserveOutcome.Unavailable, (await refused).Outcome);
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
    }

    [Fact]
    public async Task Reserve_HeldByAnotherSilo_IsServedWhenItComesBack()
    {
        using var fixture = new PurseFixture(100);
        var giveBack = fixture.Grain.LeaseElsewhere(100);
        var waiting = fixture.ReserveAsync("a", 30);
        fixture.Time.Advance(fixture.Options.ReservationRetry);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(2, fixture.Grain.Acquires.Count);

        giveBack();
        fixture.Time.Advance(fixture.Options.ReservationRetry);

        Assert.Equal(30, (await waiting.WaitAsync(Ct)).Hold!.Nanos);
    }

    /// <summary>Found by the simulation (seed 1041): the caps had nothing left but what this very lease held without knowing it.</summary>
    [Fact]
    public async Task Reserve_GrantWhoseReplyWasLost_IsServedFromIt()
    {
        using var fixture = new PurseFixture(100);
        await fixture.SpendAsync("a", 10, 10);
        fixture.Grain.OnAcquire = request =>
        {
            fixture.Grain.Grant(request);
            throw new InvalidOperationException("the reply is lost");
        };
        var waiting = fixture.ReserveAsync("b", 90);
        Assert.False(waiting.IsCompleted);

        fixture.Grain.OnAcquire = null;
        fixture.Time.Advance(fixture.Options.ReservationRetry);

        Assert.Equal(90, (await waiting.WaitAsync(Ct)).Hold!.Nanos);
    }

    [Fact]
    public async Task Reserve_HeldByAnotherSiloUntilTheDeadline_IsUnavailable()
    {
        using var fixture = new PurseFixture(100);
        fixture.Grain.LeaseElsewhere(100);
        var waiting = fixture.ReserveAsync("a", 30);

        fixture.Time.Advance(fixture.Options.ReservationWait);

        Assert.Equal(ReserveOutcome.Unavailable, (await waiting.WaitAsync(Ct)).Outcome);
    }

    [Fact]
    public async Task Reserve_CallInFlightGivesMoneyBack_IsServedInFull()
    {
        using var fixture = new PurseFixture(100);
        var running = await fixture.HoldAsync("a", 50);
        var waiting = fixture.ReserveAsync("b", 60, 10);
        Assert.False(waiting.IsCompleted);

        fixture.Settle(running, 5);

        var hold = (await waiting.WaitAsync(Ct)).Hold!;
        Assert.Equal((60L, false), (hold.Nanos, hold.Clamped));
    }

    [Fact]
    public async Task Reserve_NothingInFlightCanComeBack_IsClampedToWhatRemainsAtOnce()
    {
        using var fixture = new PurseFixture(100);
        await fixture.SpendAsync("a", 50, 50);

        var result = fixture.ReserveAsync("b", 60, 10);

        Assert.True(result.IsCompleted);
        Assert.Equal((50L, true), ((await result).Hold!.Nanos, (await result).Hold!.Clamped));
    }

    [Fact]
    public async Task Reserve_CallInFlightOutlastsTheDeadline_TakesWhatTheGrainGivesOnTheLastCall()
    {
        using var fixture = new PurseFixture(1_000);
        await fixture.HoldAsync("a", 500);
        var waiting = fixture.ReserveAsync("b", 600, 10);
        Assert.False(waiting.IsCompleted);

        fixture.Time.Advance(fixture.Options.ReservationWait);

        var hold = (await waiting.WaitAsync(Ct)).Hold!;
        Assert.Equal((10L, 600L), (fixture.Grain.Acquires[^1].NeededNanos, fixture.Grain.Acquires[^1].WantedNanos));
        Assert.Equal((125L, true), (hold.Nanos, hold.Clamped));
    }

    [Fact]
    public async Task Reserve_FloorAboveWhatRemains_IsRefusedAtOnceThoughACallIsInFlight()
    {
        using var fixture = new PurseFixture(50);
        await fixture.HoldAsync("a", 10);

        var result = fixture.ReserveAsync("b", 95, 90);

        Assert.True(result.IsCompleted);
        Assert.Equal(ReserveOutcome.CapReached, (await result).Outcome);
        Assert.Equal((50L, 90L), ((await result).Refusal!.RemainingNanos, (await result).Refusal!.NeededNanos));
    }

    [Fact]
    public async Task Reserve_OneIsRefused_WhoCanLiveOnLessIsNot()
    {
        using var fixture = new PurseFixture(100);
        var running = await fixture.HoldAsync("a", 50);
        var small = fixture.ReserveAsync("b", 60, 10);

        var large = fixture.ReserveAsync("c", 150, 120);
        fixture.Settle(running, 50);

        Assert.Equal((50L, true), ((await small.WaitAsync(Ct)).Hold!.Nanos, (await small).Hold!.Clamped));
        Assert.Equal(ReserveOutcome.CapReached, (await large.WaitAsync(Ct)).Outcome);
    }

    [Fact]
    public async Task Reserve_SiloOfTheGrainDoesNotKnowTheAccountYet_WaitsForOneThatDoes()
    {
        using var fixture = new PurseFixture();
        fixture.Grain.OnAcquire = static _ => Task.FromResult(new LeaseReply { Status = BudgetStatus.UnknownAccount });
        var waiting = new[] { fixture.ReserveAsync("a", 10), fixture.ReserveAsync("b", 10) };
        Assert.All(waiting, static w => Assert.False(w.IsCompleted));

        fixture.Grain.OnAcquire = null;
        fixture.Time.Advance(fixture.Options.ReservationRetry);

        Assert.All(await Task.WhenAll(waiting).WaitAsync(Ct), r => Assert.Equal(ReserveOutcome.Reserved, r.Outcome));
    }

    [Fact]
    public async Task Reserve_NoSiloKnowsTheAccount_IsToldToComeBackWhenItsTimeIsUp()
    {
        using var fixture = new PurseFixture();
        fixture.Grain.OnAcquire = static _ => Task.FromResult(new LeaseReply { Status = BudgetStatus.UnknownAccount });
        var waiting = fixture.ReserveAsync("a", 10);

        fixture.Time.Advance(fixture.Options.ReservationWait);

        Assert.Equal(ReserveOutcome.Unavailable, (await waiting.WaitAsync(Ct)).Outcome);
    }

    [Fact]
    public async Task Reserve_GrainHangs_IsLetGoSoonAfterTheDeadlineAndTheLateLeaseIsUsed()
    {
        using var fixture = new PurseFixture();
        var reply = new TaskCompletionSource<LeaseReply>();
        fixture.Grain.OnAcquire = _ => reply.Task;
        var waiting = fixture.ReserveAsync("a", 10);

        fixture.Time.Advance(fixture.Options.ReservationWait + TimeSpan.FromSeconds(2));
        Assert.Equal(ReserveOutcome.Unavailable, (await waiting.WaitAsync(TimeSpan.FromSeconds(10), Ct)).Outcome);
        reply.SetResult(fixture.Grain.Grant(fixture.Grain.Acquires[0]));

        Assert.True(fixture.ReserveAsync("b", 10).IsCompleted);
        Assert.Single(fixture.Grain.Acquires);
    }

    [Fact]
    public async Task Reserve_OutcomeOfTheCallIsUnknown_IsRepeatedUnderTheSameOperation()
    {
        using var fixture = new PurseFixture();
        var calls = 0;
        fixture.Grain.OnAcquire = request => ++calls < 3 ? throw new TimeoutException() : Task.FromResult(fixture.Grain.Grant(request));

        await fixture.HoldAsync("a", 10);

        Assert.Equal(3, fixture.Grain.Acquires.Count);
        Assert.Single(fixture.Grain.Acquires.Select(a => a.Operation).Distinct());
    }

    [Fact]
    public async Task Reserve_GrainFailsForAWhile_AsksAgainAfterThePause()
    {
        using var fixture = new PurseFixture();
        fixture.Grain.OnAcquire = _ => throw new InvalidOperationException("away");
        var waiting = fixture.ReserveAsync("a", 10);
        Assert.Single(fixture.Grain.Acquires);

        fixture.Grain.OnAcquire = null;
        fixture.Time.Advance(fixture.Options.ReservationRetry);

        Assert.Equal(ReserveOutcome.Reserved, (await waiting.WaitAsync(Ct)).Outcome);
    }
}
