using Cascade.Budgets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LedgerRollingTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly TestLedger _ledger = new();

    private static readonly Gen<TimeSpan> GenSpan = Gen.Long[LedgerLimits.MinSpan.Ticks, LedgerLimits.MaxSpan.Ticks].Select(TimeSpan.FromTicks);

    [Fact]
    public void StartOf_AnySpan_CountsTheWholeSpanAndAtMostOnePieceMore() => Gen
        .Select(GenSpan, Gen.Long[0, TimeSpan.TicksPerDay * 4_000], Gen.Long[0, TimeSpan.TicksPerDay * 400])
        .Sample((span, now, later) =>
        {
            var spent = TestLedger.Noon.AddTicks(now);
            var at = spent.AddTicks(later);
            var counts = spent >= RollingWindow.StartOf(span, at);
            Assert.True(counts || at - spent > span, $"{span} forgot after {at - spent}");
            Assert.True(!counts || at - spent <= span + (span / RollingWindow.Buckets) + TimeSpan.FromTicks(2 * RollingWindow.Buckets), $"{span} kept for {at - spent}");
            Assert.Equal(counts, at < RollingWindow.LeavesAt(span, spent));
            Assert.True(RollingWindow.EarliestNow(span, RollingWindow.StartOf(span, at)) <= at);
            Assert.Equal(RollingWindow.StartOf(span, at), RollingWindow.StartOf(span, RollingWindow.EarliestNow(span, RollingWindow.StartOf(span, at))));
        });

    [Fact]
    public void Rolling_SpendLeaves_PieceByPiece()
    {
        _ledger.SetCaps(TestLedger.Rolling(100, Hour));
        _ledger.Spend(60);
        _ledger.Now = TestLedger.Noon.AddMinutes(30);
        _ledger.Spend(40);
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 1).Status);

        _ledger.Now = TestLedger.Noon.AddMinutes(60);
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 1).Status);
        Assert.Equal(TestLedger.Noon.AddMinutes(61), _ledger.Last.Result.Refusal!.ResetsAt);

        _ledger.Now = TestLedger.Noon.AddMinutes(61);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("a", 60).Status);
        Assert.Equal(new Money(40), _ledger.State.Windows[0].Settled);
    }

    [Fact]
    public void Rolling_ReconciledAttempt_LeavesWithTheAttemptNotWithItsReconciliation()
    {
        _ledger.SetCaps(TestLedger.Rolling(100, Hour));
        var lease = _ledger.Grant("a", 50).Lease!;
        _ledger.Report(lease, 0, TestLedger.Held("x", 50));
        _ledger.Now = TestLedger.Noon.AddMinutes(50);
        _ledger.Reconcile("x", 30);
        Assert.Equal(new Money(30), _ledger.State.Windows[0].Settled);

        _ledger.Now = TestLedger.Noon.AddMinutes(61);
        _ledger.Grant("b", 1);

        Assert.Equal(Money.Zero, _ledger.State.Windows[0].Settled);
        Assert.Equal(new Money(30), _ledger.State.Settled);
    }

    [Fact]
    public void Rolling_AttemptReconciledAfterItsTime_CountsForTheLifetimeOnly()
    {
        _ledger.SetCaps(TestLedger.Rolling(100, Hour));
        var lease = _ledger.Grant("a", 50).Lease!;
        _ledger.Report(lease, 0, TestLedger.Held("x", 50));
        _ledger.Now = TestLedger.Noon.AddHours(3);

        _ledger.Reconcile("x", 30);

        Assert.Equal((Money.Zero, new Money(30)), (_ledger.State.Windows[0].Settled, _ledger.State.Settled));
    }

    [Fact]
    public void Rolling_ClockSetBack_DoesNotLetSpendLeaveEarly()
    {
        _ledger.SetCaps(TestLedger.Rolling(100, Hour));
        _ledger.Now = TestLedger.Noon.AddMinutes(50);
        _ledger.Spend(10);
        _ledger.Now = TestLedger.Noon;
        _ledger.Spend(70);

        _ledger.Now = TestLedger.Noon.AddMinutes(100);

        Assert.Equal(new Money(20), _ledger.State.Available(_ledger.Now));
    }

    [Fact]
    public void Rolling_SeveralSpansAtOnce_BindEachForItself()
    {
        _ledger.SetCaps(TestLedger.Rolling(60, TimeSpan.FromMinutes(1)), TestLedger.Rolling(120, Hour), TestLedger.Rolling(150, TimeSpan.FromDays(1)));
        _ledger.Spend(50);
        Assert.Equal((LedgerStatus.CapReached, new Money(60)), (_ledger.Grant("a", 11).Status, _ledger.Last.Result.Refusal!.Cap));
        _ledger.Now = _ledger.Now.AddMinutes(2);
        _ledger.Spend(50);
        _ledger.Now = _ledger.Now.AddMinutes(2);
        Assert.Equal((LedgerStatus.CapReached, new Money(120)), (_ledger.Grant("a", 21).Status, _ledger.Last.Result.Refusal!.Cap));
        _ledger.Now = _ledger.Now.AddHours(2);
        Assert.Equal((LedgerStatus.CapReached, new Money(150)), (_ledger.Grant("a", 51).Status, _ledger.Last.Result.Refusal!.Cap));
    }

    [Fact]
    public void SetCaps_RollingAddedLater_CountsWhatIsKnownToLieInIt()
    {
        _ledger.SetCaps(TestLedger.Day(100));
        _ledger.Spend(70);

        _ledger.SetCaps(TestLedger.Day(100), TestLedger.Rolling(90, TimeSpan.FromDays(2)));

        Assert.Equal(new Money(70), _ledger.State.Windows[1].Settled);
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 21).Status);
    }

    [Fact]
    public void Rolling_Busy_KeepsOnlyItsPieces()
    {
        _ledger.SetCaps(TestLedger.Rolling(LedgerLimits.MaxAmountNanos, Hour));
        for (var i = 0; i < 300; i++)
        {
            _ledger.Now = _ledger.Now.AddSeconds(47);
            _ledger.Spend(1);
        }

        Assert.InRange(_ledger.State.Windows[0].Parts.Length, RollingWindow.Buckets - 1, RollingWindow.Buckets + 1);
    }

    [Fact]
    public void Alerts_LevelOfARollingWindowSwings_DoNotFlap()
    {
        _ledger.SetCaps(TestLedger.Rolling(100, Hour) with { AlertPercents = [50] });
        _ledger.Spend(48);
        for (var i = 0; i < 20; i++)
        {
            _ledger.Now = _ledger.Now.AddMinutes(1);
            _ledger.Spend(i == 0 ? 3 : 1);
        }

        Assert.Single(_ledger.EntriesOf(LedgerEntryKind.Alerted));
        _ledger.Now = _ledger.Now.AddHours(2);
        _ledger.Spend(55);
        Assert.Equal(2, _ledger.EntriesOf(LedgerEntryKind.Alerted).Count());
    }
}
