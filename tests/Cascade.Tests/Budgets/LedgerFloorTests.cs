using Cascade.Budgets;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LedgerFloorTests
{
    private readonly TestLedger _ledger = new();

    public LedgerFloorTests() => _ledger.SetCaps(TestLedger.Day(100, CapMode.Hard, new CapFloor("child", new Money(40))));

    [Fact]
    public void Floor_Unused_IsNotLeasedToOthers()
    {
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 61).Status);
        Assert.Equal(new Money(60), _ledger.Last.Result.Refusal!.Remaining);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("a", 60).Status);
        Assert.Equal(LedgerStatus.HeldByOthers, _ledger.Grant("b", 1, "stranger").Status);

        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("a", 40, "child").Status);
    }

    [Fact]
    public void Floor_PartlySpent_KeepsTheRest()
    {
        _ledger.Spend(25, "child");

        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 61).Status);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("a", 60).Status);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("a", 15, "child").Status);
    }

    [Fact]
    public void Floor_UsedUp_TheChildSharesWithAll()
    {
        _ledger.Spend(55, "child");

        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("a", 45).Status);
        Assert.Equal(LedgerStatus.HeldByOthers, _ledger.Grant("b", 10, "child").Status);
    }

    [Fact]
    public void Floor_ChildHoldsALease_OthersWaitForWhatItMayGiveBackOfTheShared()
    {
        _ledger.Grant("a", 70, "child");

        Assert.Equal(LedgerStatus.HeldByOthers, _ledger.Grant("b", 50).Status);
        Assert.Equal(new Money(60), _ledger.Last.Result.Refusal!.Remaining);
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("b", 61).Status);
    }

    [Fact]
    public void Floor_Unconfirmed_CountsAsUsed()
    {
        var lease = _ledger.Grant("a", 40, "child").Lease!;
        _ledger.Close(TestLedger.Totals(lease, 0) with { Unconfirmed = [TestLedger.Held("x", 30)] });

        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("b", 61).Status);
        _ledger.Reconcile("x", 0);
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("b", 61).Status);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("b", 60).Status);
    }

    [Fact]
    public void Floor_NextWindow_IsWholeAgain()
    {
        _ledger.Spend(40, "child");
        _ledger.Now = _ledger.Now.AddDays(1);

        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 61).Status);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("a", 40, "child").Status);
    }

    [Fact]
    public void Floor_OfAChildThatNeverComes_StaysKept()
    {
        _ledger.Spend(60);

        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 1).Status);
    }

    [Fact]
    public void Grant_OneHolderTwoBeneficiaries_HasALeaseForEach()
    {
        var general = _ledger.Grant("a", 10).Lease!;
        var child = _ledger.Grant("a", 10, "child").Lease!;

        Assert.NotEqual(general.LeaseId, child.LeaseId);
        Assert.Equal(child.LeaseId, _ledger.State.LeaseOf("a", "child")!.Id);
        Assert.Equal(new Money(20), _ledger.Grant("a", 10, "child").Lease!.Granted);
        Assert.Equal(2, _ledger.State.Leases.Count);
    }

    [Fact]
    public void SetCaps_FloorsAboveTheCap_AreRefused()
    {
        var cap = TestLedger.Day(100, CapMode.Hard, new CapFloor("a", new Money(60)), new CapFloor("b", new Money(41)));

        var result = _ledger.SetCaps(cap);

        Assert.Equal(LedgerStatus.InvalidCommand, result.Status);
        Assert.StartsWith("Caps:0:Floors add up", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void SetCaps_FloorAboveWhatIsLeft_TakesNothingBackAndFillsUpFirst()
    {
        var lease = _ledger.Grant("a", 60).Lease!;
        _ledger.SetCaps(TestLedger.Day(100, CapMode.Hard, new CapFloor("child", new Money(90))));
        Assert.Equal((LedgerStatus.HeldByOthers, new Money(10)), (_ledger.Grant("b", 1).Status, _ledger.Last.Result.Refusal!.Remaining));
        _ledger.Close(TestLedger.Totals(lease, 0));

        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("b", 10).Status);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("b", 90, "child").Status);
    }
}
