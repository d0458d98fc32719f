using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Budgets;

/// <summary>Between the wire types of a budget and the ledger's.</summary>
internal static class LeaseMapping
{
    public static LeaseTotals Totals(LeaseUsage usage) => new()
    {
        LeaseId = usage.LeaseId,
        Epoch = usage.Epoch,
        Settled = new Money(usage.SettledNanos),
        Released = new Money(usage.ReleasedNanos),
        Requests = usage.Requests,
        Unconfirmed = [.. usage.Unconfirmed.Select(u => new UnconfirmedCost(u.AttemptId, new Money(u.LowerNanos), new Money(u.UpperNanos)))],
        Resolved = [.. usage.Resolved.Select(r => new ResolvedCost(r.AttemptId, new Money(r.CostNanos)))],
    };

    public static LeaseUsage Usage(LeaseTotals totals) => new()
    {
        LeaseId = totals.LeaseId,
        Epoch = totals.Epoch,
        SettledNanos = totals.Settled.Nanos,
        ReleasedNanos = totals.Released.Nanos,
        Requests = totals.Requests,
        Unconfirmed =
        [
            .. totals.Unconfirmed.Select(u => new UnconfirmedAttempt
            {
                AttemptId = u.AttemptId,
                LowerNanos = u.Lower.Nanos,
                UpperNanos = u.Upper.Nanos,
            }),
        ],
        Resolved = [.. totals.Resolved.Select(r => new ResolvedAttempt { AttemptId = r.AttemptId, CostNanos = r.Cost.Nanos })],
    };

    public static LeaseReply Reply(AccountId account, LedgerResult result, TimeSpan lifetime, double price) => new()
    {
        Status = (BudgetStatus)result.Status,
        LeaseId = result.Lease?.LeaseId ?? "",
        Epoch = result.Lease?.Epoch ?? 0,
        GrantedNanos = result.Lease?.Granted.Nanos ?? 0,
        Lifetime = lifetime,
        ShadowPrice = price,
        Refusal = result.Refusal is not { } refusal ? null : new BudgetRefusal
        {
            Account = account,
            Window = NameOf(refusal.Window),
            CapNanos = refusal.Cap.Nanos,
            RemainingNanos = refusal.Remaining.Nanos,
            NeededNanos = refusal.Needed.Nanos,
            ResetsAt = refusal.ResetsAt,
        },
    };

    public static AccountSnapshot Snapshot(AccountId account, LedgerSnapshot ledger, double price) => new()
    {
        Account = account,
        Status = BudgetStatus.Ok,
        Windows =
        [
            .. ledger.Windows.Select(w => new WindowSnapshot
            {
                Window = NameOf(w.Cap.Window),
                Hard = w.Cap.Hard,
                CapNanos = w.Cap.Limit.Nanos,
                SettledNanos = w.Settled.Nanos,
                RemainingNanos = w.Remaining.Nanos,
                ResetsAt = w.ResetsAt,
            }),
        ],
        SettledNanos = ledger.Settled.Nanos,
        UnconfirmedUpperNanos = ledger.UnconfirmedUpper.Nanos,
        UnconfirmedLowerNanos = ledger.UnconfirmedLower.Nanos,
        LeasedNanos = ledger.Leased.Nanos,
        OpenLeases = ledger.OpenLeases,
        Requests = ledger.Requests,
        ShadowPrice = price,
        OverrunNanos = ledger.Overrun.Nanos,
    };

    private static string NameOf(WindowKind window) => Telemetry.Names.Of(window);
}
