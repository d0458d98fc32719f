using Cascade.Budgets;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LedgerModeTests
{
    private readonly TestLedger _ledger = new();

    [Fact]
    public void Soft_BeyondTheCap_NeverRefusesAndAlerts()
    {
        _ledger.SetCaps(TestLedger.Day(100, CapMode.Soft));

        _ledger.Spend(250);

        Assert.False(_ledger.Last.Result.HardCapped);
        Assert.Equal([50, 80, 100], _ledger.EntriesOf(LedgerEntryKind.Alerted).Select(e => e.Percent));
        Assert.Equal(new Money(-150), _ledger.State.Snapshot(_ledger.Now).Windows[0].Remaining);
    }

    [Fact]
    public void Observe_BeyondTheCap_GrantsAndCountsWhatAHardCapWouldHaveRefused()
    {
        _ledger.SetCaps(TestLedger.Day(100, CapMode.Observe));
        _ledger.Spend(80);

        Assert.Equal(new Money(30), _ledger.Grant("a", 30).Lease!.Granted);

        Assert.Equal((1, new Money(30)), (_ledger.State.Windows[0].WouldRefuse, _ledger.State.Windows[0].WouldRefuseAmount));
        Assert.Equal(new Money(30), Assert.Single(_ledger.EntriesOf(LedgerEntryKind.WouldRefuse)).Amount);
    }

    [Fact]
    public void Observe_MoneyOnlyHeldByOthers_IsNoRefusal()
    {
        _ledger.SetCaps(TestLedger.Day(100, CapMode.Observe));
        _ledger.Grant("a", 80);

        Assert.Equal(new Money(30), _ledger.Grant("b", 30).Lease!.Granted);

        Assert.Equal(0, _ledger.State.Windows[0].WouldRefuse);
    }

    [Fact]
    public void AllModesOnOneWindow_EachDoesItsOwn()
    {
        _ledger.SetCaps(TestLedger.Day(200), TestLedger.Day(100, CapMode.Observe), TestLedger.Day(50, CapMode.Soft));
        _ledger.Spend(90);

        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("a", 60).Status);
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("b", 120).Status);

        Assert.Equal([0L, 1L, 0L], _ledger.State.Windows.Select(w => w.WouldRefuse));
        Assert.Equal([0, 80, 100], _ledger.State.Windows.Select(w => w.AlertedPercent));
        Assert.All(_ledger.State.Windows, w => Assert.Equal(new Money(90), w.Settled));
    }

    [Fact]
    public void Alerts_Unconfirmed_CountAndOpenLeasesDoNot()
    {
        _ledger.SetCaps(TestLedger.Day(100));
        var lease = _ledger.Grant("a", 90).Lease!;
        Assert.Empty(_ledger.EntriesOf(LedgerEntryKind.Alerted));

        _ledger.Report(lease, 10, TestLedger.Held("x", 45));

        var alert = Assert.Single(_ledger.EntriesOf(LedgerEntryKind.Alerted));
        Assert.Equal((50, new Money(55), new Money(100)), (alert.Percent, alert.Amount, alert.Upper));
    }

    [Fact]
    public void Alerts_LevelFallsAndRisesAgain_ComeOncePerWindow()
    {
        _ledger.SetCaps(TestLedger.Day(100));
        var lease = _ledger.Grant("a", 90).Lease!;
        _ledger.Report(lease, 0, TestLedger.Held("x", 60));
        _ledger.Reconcile("x", 0);
        _ledger.Spend(5);
        _ledger.Report(TestLedger.Totals(lease, 50));
        Assert.Single(_ledger.EntriesOf(LedgerEntryKind.Alerted));

        _ledger.Now = _ledger.Now.AddDays(1);
        _ledger.Spend(55);

        Assert.Equal([50, 50], _ledger.EntriesOf(LedgerEntryKind.Alerted).Select(e => e.Percent));
    }

    [Fact]
    public void Alerts_CapRaised_AreArmedAgainOnlyAboveTheLevel()
    {
        _ledger.SetCaps(TestLedger.Day(100));
        _ledger.Spend(90);
        _ledger.SetCaps(TestLedger.Day(150));
        Assert.Equal(50, _ledger.State.Windows[0].AlertedPercent);

        _ledger.Spend(40);

        Assert.Equal([50, 80, 80], _ledger.EntriesOf(LedgerEntryKind.Alerted).Select(e => e.Percent));
    }

    [Fact]
    public void Alerts_CapLoweredBelowTheSpend_ComeAtOnce()
    {
        _ledger.SetCaps(TestLedger.Day(100));
        _ledger.Spend(40);

        _ledger.SetCaps(TestLedger.Day(30));

        Assert.Equal([50, 80, 100], _ledger.EntriesOf(LedgerEntryKind.Alerted).Select(e => e.Percent));
    }

    [Fact]
    public void Alerts_CapOfNothing_ComeWithTheFirstSpendOnly()
    {
        _ledger.SetCaps(TestLedger.Day(0, CapMode.Soft));
        Assert.Empty(_ledger.EntriesOf(LedgerEntryKind.Alerted));

        _ledger.Spend(1);

        Assert.Equal(3, _ledger.EntriesOf(LedgerEntryKind.Alerted).Count());
    }

    [Fact]
    public void SetCaps_ModeChanged_KeepsTheSpend()
    {
        _ledger.SetCaps(TestLedger.Day(100, CapMode.Observe));
        _ledger.Spend(70);

        _ledger.SetCaps(TestLedger.Day(100));

        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 31).Status);
    }

    [Fact]
    public void SetCaps_EverythingWrong_IsReportedAtOnceWithKeyAndRepair()
    {
        var cap = new WindowCap
        {
            Window = WindowKind.Day,
            Limit = new Money(10),
            Mode = CapMode.Soft,
            Span = TimeSpan.FromHours(1),
            AlertPercents = [50, 50],
            Floors = [new CapFloor("a", new Money(6)), new CapFloor("a", new Money(7)), new CapFloor("", Money.Zero)],
        };

        var problems = WindowCapValidator.Check("Caps:0", cap).ToList();

        foreach (var key in new[] { "Span", "AlertPercents", "Floors stands", "Floors:2:Beneficiary", "Floors:2:Amount", "Floors has 2", "Floors add up" })
        {
            Assert.Contains(problems, p => p.StartsWith($"Caps:0:{key}", StringComparison.Ordinal));
        }

        Assert.Equal(7, problems.Count);
    }
}
