using System.Collections.Immutable;
using Cascade.Budgets;
using Xunit;

namespace Cascade.Tests.Budgets;

/// <summary>A ledger with a clock, short commands, and every entry it wrote. The entries are replayed after each command.</summary>
internal sealed class TestLedger
{
    private readonly List<LedgerEntry> _entries = [];
    private int _operations;

    public static DateTimeOffset Noon { get; } = new(2026, 5, 6, 12, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; set; } = Noon;

    public LedgerState State { get; private set; } = LedgerState.Empty;

    public LedgerOutcome Last { get; private set; } = null!;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public static WindowCap Day(long limit, CapMode mode = CapMode.Hard, params ImmutableArray<CapFloor> floors) =>
        new() { Window = WindowKind.Day, Limit = new Money(limit), Mode = mode, Floors = floors };

    public static WindowCap Rolling(long limit, TimeSpan span, CapMode mode = CapMode.Hard) =>
        new() { Window = WindowKind.Rolling, Limit = new Money(limit), Span = span, Mode = mode };

    public static UnconfirmedCost Held(string attempt, long upper) => new(attempt, Money.Zero, new Money(upper));

    public LedgerResult SetCaps(params ImmutableArray<WindowCap> caps) => Send(new SetCaps { OperationId = Next(), Caps = caps });

    public LedgerResult Grant(string holder, long amount, string beneficiary = "", long exposure = 0) => Send(new GrantLease
    {
        OperationId = Next(),
        LeaseId = $"lease-{_operations}",
        Holder = holder,
        Beneficiary = beneficiary,
        Exposure = new Money(exposure),
        Wanted = new Money(amount),
        Needed = new Money(amount),
        Lifetime = TimeSpan.FromHours(1),
    });

    public LedgerResult Report(LeaseTerms lease, long settled, params ImmutableArray<UnconfirmedCost> unconfirmed) =>
        Report(Totals(lease, settled) with { Unconfirmed = unconfirmed });

    public LedgerResult Report(LeaseTotals totals) =>
        Send(new ReportUsage { OperationId = Next(), Totals = totals, Lifetime = TimeSpan.FromHours(1) });

    public LedgerResult Close(LeaseTotals totals, bool clean = false, long overrun = 0) =>
        Send(new CloseLease { OperationId = Next(), Totals = totals, Clean = clean, Overrun = new Money(overrun) });

    public LedgerResult Reconcile(string attempt, long cost, bool folded = false) =>
        Send(new Reconcile { OperationId = Next(), AttemptId = attempt, Cost = new Money(cost), Folded = folded });

    public LedgerResult Override(WindowCap cap, string id, long change, TimeSpan lasts) => Send(new SetOverride
    {
        OperationId = Next(),
        Cap = cap.Key,
        Override = new CapOverride { Id = id, Change = new Money(change), ExpiresAt = Now + lasts, Author = "ann", Reason = "launch day" },
    });

    public LedgerResult EndOverride(string id) => Send(new EndOverride { OperationId = Next(), OverrideId = id, Author = "bob", Reason = "too much" });

    /// <summary>Opens a lease, spends all of it and closes it.</summary>
    public void Spend(long amount, string beneficiary = "")
    {
        var lease = Grant("spender", amount, beneficiary).Lease!;
        Assert.Equal(LedgerStatus.Ok, Close(Totals(lease, amount)).Status);
    }

    public LedgerResult Send(LedgerCommand command)
    {
        Last = Ledger.Apply(State, command, Now);
        State = Last.Next;
        _entries.AddRange(Last.Entries);
        Assert.Empty(LedgerComparer.Compare(State, LedgerReplay.Of(_entries)));
        return Last.Result;
    }

    public static LeaseTotals Totals(LeaseTerms lease, long settled) =>
        new() { LeaseId = lease.LeaseId, Epoch = lease.Epoch, Settled = new Money(settled) };

    public IEnumerable<LedgerEntry> EntriesOf(LedgerEntryKind kind) => _entries.Where(e => e.Kind == kind);

    private string Next() => $"op-{++_operations}";
}
