using Cascade.Budgets;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LedgerEntryTests
{
    private readonly TestLedger _ledger = new();

    public LedgerEntryTests() => _ledger.SetCaps(TestLedger.Day(1_000));

    [Fact]
    public void Report_ByModel_BooksEachEndpointAndTheRestToNone()
    {
        var lease = _ledger.Grant("a", 100).Lease!;
        _ledger.Report(TestLedger.Totals(lease, 50) with { Requests = 3, ByModel = [Used("big", 30, 1), Used("mini", 15, 2)] });

        Assert.Equal([("", 5L, 0L), ("big", 30L, 1L), ("mini", 15L, 2L)], ByModel());
        Assert.Equal([("big", 30L), ("mini", 15L), ("", 5L), ("", 0L)], _ledger.Last.Entries.Select(e => (e.Endpoint, e.Amount.Nanos)));
        Assert.Equal(3, _ledger.Last.Entries.Sum(e => e.Requests));
    }

    [Fact]
    public void Report_EndpointsSayMoreThanTheMoney_AreNotBelieved()
    {
        var lease = _ledger.Grant("a", 100).Lease!;
        _ledger.Report(TestLedger.Totals(lease, 20) with { ByModel = [Used("big", 15, 1), Used("mini", 15, 1)] });

        Assert.Equal([("big", 15L, 1L), ("mini", 5L, 1L)], ByModel());
    }

    [Fact]
    public void Report_OlderTotalsAgain_WriteNoEntry()
    {
        var lease = _ledger.Grant("a", 100).Lease!;
        var totals = TestLedger.Totals(lease, 20) with { Requests = 1, ByModel = [Used("big", 20, 1)] };
        _ledger.Report(totals);
        _ledger.Report(totals);
        _ledger.Report(TestLedger.Totals(lease, 10));

        Assert.Empty(_ledger.Last.Entries);
        Assert.Equal(new Money(20), _ledger.State.Settled);
    }

    [Fact]
    public void Report_ResolvedAttempt_IsBookedOnceAtItsEndpointAndItsTime()
    {
        var lease = _ledger.Grant("a", 100).Lease!;
        var held = TestLedger.Held("x", 40) with { Endpoint = "big" };
        _ledger.Report(TestLedger.Totals(lease, 10) with { Unconfirmed = [held], ByModel = [Used("mini", 10, 1)] });
        _ledger.Now = _ledger.Now.AddDays(1);
        _ledger.Report(TestLedger.Totals(lease, 35) with
        {
            Released = new Money(15),
            Resolved = [new ResolvedCost("x", new Money(25)) { Endpoint = "big" }],
            ByModel = [Used("big", 25, 1), Used("mini", 10, 1)],
        });

        var resolved = Assert.Single(_ledger.EntriesOf(LedgerEntryKind.Resolved));
        Assert.Equal((new Money(25), "big", TestLedger.Noon), (resolved.Amount, resolved.Endpoint, resolved.At));
        Assert.Equal([("big", 25L, 1L), ("mini", 10L, 1L)], ByModel());
        Assert.Equal(Money.Zero, _ledger.State.Windows[0].Settled);
        var byDay = LedgerReplay.Of(_ledger.Entries).Result().ByDay;
        Assert.Equal(new Money(35), new Money(byDay[new DateOnly(2026, 5, 6)].Sum(m => m.Settled.Nanos)));
    }

    [Fact]
    public void Reconcile_ThenToldByTheHolder_CountsTheEndpointOnce()
    {
        var lease = _ledger.Grant("a", 100).Lease!;
        _ledger.Report(TestLedger.Totals(lease, 0) with { Unconfirmed = [TestLedger.Held("x", 40) with { Endpoint = "big" }] });
        _ledger.Reconcile("x", 25);
        _ledger.Report(TestLedger.Totals(lease, 25) with
        {
            Released = new Money(15),
            Resolved = [new ResolvedCost("x", new Money(25)) { Endpoint = "big" }],
            ByModel = [Used("big", 25, 1)],
        });

        Assert.Equal([("big", 25L, 1L)], ByModel());
        Assert.Equal(20, _ledger.State.ByModel[0].Tokens.Input);
    }

    [Fact]
    public void Reconcile_Folded_SaysSo()
    {
        var lease = _ledger.Grant("a", 100).Lease!;
        _ledger.Close(TestLedger.Totals(lease, 0) with { Unconfirmed = [TestLedger.Held("x", 40)] });
        _ledger.Reconcile("x", 40, folded: true);

        Assert.Equal(new Money(40), Assert.Single(_ledger.EntriesOf(LedgerEntryKind.Folded)).Amount);
        Assert.Empty(_ledger.EntriesOf(LedgerEntryKind.Reconciled));
    }

    [Fact]
    public void Close_FinalListWithoutAnAttempt_DropsIt()
    {
        var lease = _ledger.Grant("a", 100).Lease!;
        _ledger.Report(lease, 10, TestLedger.Held("x", 40), TestLedger.Held("y", 20));
        _ledger.Close(TestLedger.Totals(lease, 12) with { Unconfirmed = [TestLedger.Held("y", 15)] });

        Assert.Equal("x", Assert.Single(_ledger.EntriesOf(LedgerEntryKind.Dropped)).AttemptId);
        Assert.Equal(new Money(15), _ledger.State.Unconfirmed["y"].Upper);
        Assert.Equal(new Money(73), Assert.Single(_ledger.EntriesOf(LedgerEntryKind.LeaseClosed)).Amount);
    }

    [Fact]
    public void Report_Overrun_IsAnEntryOfItsOwn()
    {
        var lease = _ledger.Grant("a", 100).Lease!;
        _ledger.Report(lease, 130);

        Assert.Equal(new Money(30), Assert.Single(_ledger.EntriesOf(LedgerEntryKind.Overran)).Amount);
    }

    [Fact]
    public void Close_NotClean_KeepsTheExposureHeldUntilItIsReconciled()
    {
        var lease = _ledger.Grant("a", 100, exposure: 30).Lease!;
        Assert.Equal(new Money(30), lease.Exposure);
        _ledger.Close(TestLedger.Totals(lease, 10) with { Unconfirmed = [TestLedger.Held("x", 20)] });

        var held = _ledger.State.Unconfirmed[Lease.ExposureAttempt(lease.LeaseId)];
        Assert.Equal((Money.Zero, new Money(30)), (held.Lower, held.Upper));
        Assert.Equal(new Money(1_000 - 10 - 20 - 30), _ledger.State.Available(_ledger.Now));
        Assert.Equal(LedgerStatus.Ok, _ledger.Reconcile(Lease.ExposureAttempt(lease.LeaseId), 5).Status);
        Assert.Equal(new Money(15), _ledger.State.Settled);
    }

    [Fact]
    public void Close_ExposureAboveWhatIsOpen_HoldsOnlyWhatIsOpen()
    {
        var lease = _ledger.Grant("a", 100, exposure: 70).Lease!;
        _ledger.Close(TestLedger.Totals(lease, 60));
        Assert.Equal(new Money(40), _ledger.State.Unconfirmed[Lease.ExposureAttempt(lease.LeaseId)].Upper);

        var spent = _ledger.Grant("a", 100, exposure: 70).Lease!;
        _ledger.Close(TestLedger.Totals(spent, 100));
        Assert.Single(_ledger.State.Unconfirmed);
        Assert.Equal(Money.Zero, _ledger.State.Overrun);
    }

    [Fact]
    public void Close_AttemptCostMoreThanItsBound_LeavesTheRoomOfTheLostCalls()
    {
        // Of 100 one call had 60 and cost 150, the other 40 were those of a call that was lost.
        var lease = _ledger.Grant("a", 100, exposure: 70).Lease!;
        _ledger.Close(TestLedger.Totals(lease, 150), overrun: 90);

        Assert.Equal(new Money(40), _ledger.State.Unconfirmed[Lease.ExposureAttempt(lease.LeaseId)].Upper);
        Assert.Equal(new Money(90), _ledger.State.Overrun);
    }

    [Fact]
    public void Close_Clean_HoldsNothing()
    {
        var lease = _ledger.Grant("a", 100, exposure: 70).Lease!;
        _ledger.Close(TestLedger.Totals(lease, 60), clean: true);

        Assert.Empty(_ledger.State.Unconfirmed);
    }

    [Fact]
    public void Grant_ExposureAskedTwice_KeepsTheLarger()
    {
        _ledger.Grant("a", 10, exposure: 70);

        Assert.Equal(new Money(70), _ledger.Grant("a", 10, exposure: 5).Lease!.Exposure);
    }

    [Fact]
    public void Apply_RefusedOrRepeated_WritesNoEntry()
    {
        var lease = _ledger.Grant("a", 900).Lease!;
        _ledger.Grant("b", 900);
        Assert.Empty(_ledger.Last.Entries);
        var report = new ReportUsage { OperationId = "again", Totals = TestLedger.Totals(lease, 5), Lifetime = TimeSpan.FromHours(1) };
        _ledger.Send(report);
        Assert.NotEmpty(_ledger.Last.Entries);
        _ledger.Send(report);
        Assert.Empty(_ledger.Last.Entries);
    }

    [Fact]
    public void Report_MoreEndpointsThanAreToldApart_GoToNoneAndStillAddUp()
    {
        var lease = _ledger.Grant("a", 900).Lease!;
        _ledger.Report(TestLedger.Totals(lease, 200) with { ByModel = [.. Enumerable.Range(0, 200).Select(i => Used($"m{i:D3}", 1, 1))] });
        _ledger.Close(TestLedger.Totals(lease, 200));
        var other = _ledger.Grant("a", 700).Lease!;
        _ledger.Report(TestLedger.Totals(other, 200) with { ByModel = [.. Enumerable.Range(0, 200).Select(i => Used($"n{i:D3}", 1, 1))] });

        Assert.Equal(LedgerLimits.MaxModels, _ledger.State.ByModel.Length);
        Assert.Equal(new Money(145), _ledger.State.ByModel[0].Settled);
    }

    private static ModelUsage Used(string endpoint, long nanos, long attempts) =>
        new() { Endpoint = endpoint, Settled = new Money(nanos), Attempts = attempts, Tokens = new TokenCounts(20, 10) };

    private List<(string Endpoint, long Nanos, long Attempts)> ByModel() =>
        [.. _ledger.State.ByModel.Select(m => (m.Endpoint, m.Settled.Nanos, m.Attempts))];
}
