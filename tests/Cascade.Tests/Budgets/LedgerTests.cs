using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LedgerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 6, 12, 0, 0, TimeSpan.Zero);
    private int _operations;
    private LedgerState _state = LedgerState.Empty;

    [Fact]
    public void LedgerStatus_ComparedWithTheWire_HasTheSameNamesAndValues() => Assert.Equal(
        Enum.GetValues<BudgetStatus>().Select(s => (s.ToString(), (int)s)),
        Enum.GetValues<LedgerStatus>().Select(s => (s.ToString(), (int)s)));

    [Fact]
    public void IsTransient_EveryStatus_IsTrueOnlyWhenOthersHoldTheMoney()
    {
        foreach (var status in Enum.GetValues<LedgerStatus>().Where(s => s != LedgerStatus.None))
        {
            Assert.Equal(status == LedgerStatus.HeldByOthers, status.IsTransient());
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => LedgerStatus.None.IsTransient());
    }

    [Fact]
    public void Grant_PlentyLeft_GivesAQuarterOfIt()
    {
        SetCap(1000);
        Assert.Equal(new Money(250), Grant("a", wanted: 900, needed: 10).Lease!.Granted);
        Assert.Equal(new Money(250 + 187), Grant("a", wanted: 900, needed: 10).Lease!.Granted);
        Assert.Single(_state.Leases);
    }

    [Fact]
    public void Grant_NoHardCap_GivesWhatIsWanted()
    {
        var result = Grant("a", wanted: 900, needed: 10);
        Assert.Equal(new Money(900), result.Lease!.Granted);
        Assert.False(result.HardCapped);
    }

    [Fact]
    public void Grant_OthersHoldTheMoney_IsRefusedForNowAndEvaluatedAnewOnRetry()
    {
        SetCap(100);
        var other = Grant("a", wanted: 80, needed: 80).Lease!;
        var grant = GrantCommand("b", wanted: 50, needed: 50);
        Assert.Equal(LedgerStatus.HeldByOthers, Send(grant).Status);
        Assert.Equal(LedgerStatus.Ok, Close(other, settled: 10).Status);
        Assert.Equal(LedgerStatus.Ok, Send(grant).Status);
    }

    [Fact]
    public void Grant_CapReached_NamesTheTightestWindowAndStaysRefused()
    {
        SetCap(100);
        var lease = Grant("a", wanted: 80, needed: 80).Lease!;
        Close(lease, settled: 70);
        var grant = GrantCommand("b", wanted: 50, needed: 50);
        var refused = Send(grant);
        Assert.Equal(LedgerStatus.CapReached, refused.Status);
        var refusal = refused.Refusal!;
        Assert.Equal((WindowKind.Day, new Money(100), new Money(30), new Money(50)), (refusal.Window, refusal.Cap, refusal.Remaining, refusal.Needed));
        Assert.Equal(new DateTimeOffset(2026, 5, 7, 0, 0, 0, TimeSpan.Zero), refusal.ResetsAt);
        SetCap(1000);
        Assert.Same(refused, Send(grant));
    }

    [Fact]
    public void Grant_RefusedToAHolderWithALease_RenewsIt()
    {
        SetCap(100);
        Grant("a", wanted: 80, needed: 80);
        var later = Noon.AddMinutes(3);
        var refused = Send(GrantCommand("a", wanted: 50, needed: 50), later);
        Assert.Equal(LedgerStatus.CapReached, refused.Status);
        Assert.Equal(later.AddMinutes(5), _state.LeaseOf("a")!.ExpiresAt);
        Assert.Empty(_state.ReclaimableLeases(later.AddMinutes(4)));
        Assert.Single(_state.ReclaimableLeases(later.AddMinutes(5)));
    }

    [Fact]
    public void Apply_SameOperationTwice_AnswersTheSameAndDoesNothing()
    {
        SetCap(100);
        var grant = GrantCommand("a", wanted: 50, needed: 50);
        var first = Send(grant);
        var state = _state;
        Assert.Same(first, Send(grant with { }));
        Assert.Same(state, _state);
        Assert.Equal(LedgerStatus.OperationMismatch, Send(grant with { Wanted = new Money(51) }).Status);
        Assert.Same(state, _state);
    }

    [Fact]
    public void Apply_InvalidUnderAnUnknownLease_SaysInvalidFirst()
    {
        var totals = Totals("nothing", 7, settled: -1);
        Assert.Equal(LedgerStatus.InvalidCommand, Report(totals).Status);
        Assert.Equal(LedgerStatus.UnknownLease, Report(totals with { Settled = Money.Zero }).Status);
    }

    [Theory]
    [InlineData(0, 0, "Wanted")]
    [InlineData(-1, 1, "Wanted")]
    [InlineData(5, 6, "Needed")]
    [InlineData(5, 0, "Needed")]
    [InlineData(LedgerLimits.MaxAmountNanos + 1, 1, "Wanted")]
    public void Grant_AmountOutOfRange_NamesTheField(long wanted, long needed, string field)
    {
        var result = Grant("a", wanted, needed);
        Assert.Equal(LedgerStatus.InvalidCommand, result.Status);
        Assert.StartsWith(field, result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Grant_LargestAmountsWithoutCap_EndsInARefusalNotInAnOverflow()
    {
        var statuses = Enumerable.Range(0, 12).Select(_ => Grant("a", LedgerLimits.MaxAmountNanos, 1).Status).ToList();
        Assert.Contains(LedgerStatus.Ok, statuses);
        Assert.Equal(LedgerStatus.InvalidCommand, statuses[^1]);
    }

    [Fact]
    public void Report_OtherEpoch_IsStale()
    {
        var lease = Grant("a", 50, 50).Lease!;
        Assert.Equal(LedgerStatus.StaleEpoch, Report(Totals(lease.LeaseId, lease.Epoch - 1, settled: 5)).Status);
        Assert.Equal(Money.Zero, _state.Settled);
    }

    [Fact]
    public void Report_OlderTotalsAfterNewer_ChangeNothing()
    {
        SetCap(100);
        var lease = Grant("a", 50, 50).Lease!;
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 30));
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 10));
        Assert.Equal(new Money(30), _state.Settled);
        Assert.Equal(new Money(30), _state.Windows[0].Settled);
        Assert.Equal(new Money(20), _state.LeaseOf("a")!.Open);
    }

    [Fact]
    public void Report_AccountWithoutCaps_IsBooked()
    {
        var lease = Grant("a", 50, 50).Lease!;
        Assert.Equal(LedgerStatus.Ok, Report(Totals(lease.LeaseId, lease.Epoch, settled: 30)).Status);
        Assert.Equal(LedgerStatus.Ok, Close(lease, settled: 40).Status);
        Assert.Equal(new Money(40), _state.Settled);
    }

    [Fact]
    public void Report_MoreThanTheLeaseHeld_IsBookedAndBlocks()
    {
        SetCap(100);
        var lease = Grant("a", 80, 80).Lease!;
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 130));
        Assert.Equal(new Money(50), _state.Overrun);
        Assert.Equal(new Money(-30), _state.Snapshot(Noon).Windows[0].Remaining);
        Assert.Equal(LedgerStatus.CapReached, Grant("b", 1, 1).Status);
    }

    [Fact]
    public void Close_UnconfirmedInTheFinalList_StaysHeldAndTheRestIsFree()
    {
        SetCap(100);
        var lease = Grant("a", 80, 80).Lease!;
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 10, Held("x", 20), Held("y", 5)));
        Close(lease, settled: 14, Held("x", 20));
        Assert.Equal(["x"], _state.Unconfirmed.Keys);
        Assert.Equal(new Money(66), _state.Available(Noon));
        Assert.Equal(LedgerStatus.UnknownLease, Close(lease, settled: 14).Status);
    }

    [Fact]
    public void Reconcile_LeaseStillOpen_IsNotBookedAgainByLaterReports()
    {
        SetCap(100);
        var lease = Grant("a", 80, 80).Lease!;
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 10, Held("x", 20)));
        Send(new Reconcile { OperationId = Next(), AttemptId = "x", Cost = new Money(6) });
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 12, Held("x", 20)));
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 18) with { Resolved = [new ResolvedCost("x", new Money(6))], Released = new Money(14) });
        Assert.Equal(new Money(18), _state.Settled);
        Assert.Equal(new Money(80 - 18 - 14), _state.LeaseOf("a")!.Open);
        Assert.Equal(Money.Zero, _state.Overrun);
        Assert.Equal(LedgerStatus.InvalidCommand, Send(new Reconcile { OperationId = Next(), AttemptId = "x", Cost = default }).Status);
    }

    [Fact]
    public void Apply_NextDay_StartsAnewAndAClockSetBackDoesNotReopenTheOldOne()
    {
        SetCap(100);
        var lease = Grant("a", 80, 80).Lease!;
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 80));
        Assert.Equal(LedgerStatus.Ok, Send(GrantCommand("b", 60, 60), Noon.AddDays(1)).Status);
        Assert.Equal(LedgerStatus.HeldByOthers, Send(GrantCommand("c", 60, 60), Noon).Status);
        Assert.Equal(new DateTimeOffset(2026, 5, 7, 0, 0, 0, TimeSpan.Zero), _state.Windows[0].Start);
    }

    [Fact]
    public void SetCaps_BelowWhatIsSpent_OnlyBlocksAndKeepsTheSpend()
    {
        SetCap(100);
        var lease = Grant("a", 80, 80).Lease!;
        Report(Totals(lease.LeaseId, lease.Epoch, settled: 40));
        SetCap(30);
        Assert.Equal(new Money(40), _state.Windows[0].Settled);
        Assert.Equal(new Money(40), _state.LeaseOf("a")!.Open);
        Assert.Equal(LedgerStatus.CapReached, Grant("b", 1, 1).Status);
    }

    [Fact]
    public void SetCaps_UnknownZone_NamesTheFieldAndTheRepair()
    {
        var cap = new WindowCap { Window = WindowKind.None, Limit = new Money(-1), TimeZone = "Mars/Base" };
        var problems = WindowCapValidator.Check("Caps:0", cap).ToList();
        Assert.Equal(3, problems.Count);
        Assert.Contains(problems, p => p.StartsWith("Caps:0:TimeZone", StringComparison.Ordinal) && p.Contains("IANA", StringComparison.Ordinal));
        Assert.Equal(LedgerStatus.InvalidCommand, Send(new SetCaps { OperationId = Next(), Caps = [cap] }).Status);
    }

    [Fact]
    public void OperationLog_Full_ForgetsTheOldest()
    {
        _state = LedgerState.Empty with { Operations = OperationLog.Create(2, []) };
        Grant("a", 5, 5);
        Grant("a", 5, 5);
        Grant("a", 5, 5);
        Assert.Equal(["op-2", "op-3"], _state.Operations.Entries.Select(e => e.OperationId));
    }

    [Fact]
    public void Apply_StateThatContradictsItself_IsNotTouched()
    {
        SetCap(100);
        Grant("a", 80, 80);
        _state = _state with { Windows = [_state.Windows[0] with { Settled = new Money(30) }] };
        Assert.NotEmpty(LedgerInvariants.Check(_state));
        Assert.Throws<LedgerInvariantException>(() => Grant("b", 1, 1));
    }

    private static UnconfirmedCost Held(string attempt, long upper) => new(attempt, Money.Zero, new Money(upper));

    private static LeaseTotals Totals(string lease, long epoch, long settled, params ImmutableArray<UnconfirmedCost> unconfirmed) => new()
    {
        LeaseId = lease,
        Epoch = epoch,
        Settled = new Money(settled),
        Unconfirmed = unconfirmed,
    };

    private string Next() => $"op-{++_operations}";

    private void SetCap(long nanos) => Assert.Equal(LedgerStatus.Ok, Send(new SetCaps
    {
        OperationId = Next(),
        Caps = [new WindowCap { Window = WindowKind.Day, Limit = new Money(nanos) }],
    }).Status);

    private GrantLease GrantCommand(string holder, long wanted, long needed) => new()
    {
        OperationId = Next(),
        LeaseId = $"lease-{_operations}",
        Holder = holder,
        Wanted = new Money(wanted),
        Needed = new Money(needed),
        Lifetime = TimeSpan.FromMinutes(5),
    };

    private LedgerResult Grant(string holder, long wanted, long needed) => Send(GrantCommand(holder, wanted, needed));

    private LedgerResult Report(LeaseTotals totals) =>
        Send(new ReportUsage { OperationId = Next(), Totals = totals, Lifetime = TimeSpan.FromMinutes(5) });

    private LedgerResult Close(LeaseTerms lease, long settled, params ImmutableArray<UnconfirmedCost> unconfirmed) =>
        Send(new CloseLease { OperationId = Next(), Totals = Totals(lease.LeaseId, lease.Epoch, settled, unconfirmed) });

    private LedgerResult Send(LedgerCommand command, DateTimeOffset? now = null)
    {
        var outcome = Ledger.Apply(_state, command, now ?? Noon);
        _state = outcome.Next;
        return outcome.Result;
    }
}
