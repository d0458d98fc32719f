using System.Collections.Immutable;
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
        Unconfirmed =
        [
            .. usage.Unconfirmed.Select(
                u => new UnconfirmedCost(u.AttemptId, new Money(u.LowerNanos), new Money(u.UpperNanos)) { Endpoint = u.Endpoint }),
        ],
        Resolved = [.. usage.Resolved.Select(r => new ResolvedCost(r.AttemptId, new Money(r.CostNanos)) { Endpoint = r.Endpoint })],
        ByModel =
        [
            .. usage.ByModel.Select(m => new ModelUsage
            {
                Endpoint = m.Endpoint,
                Settled = new Money(m.SettledNanos),
                Attempts = m.Attempts,
                Tokens = new TokenCounts(m.InputTokens, m.OutputTokens, m.CachedTokens, m.ReasoningTokens),
            }),
        ],
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
                Endpoint = u.Endpoint,
            }),
        ],
        Resolved =
        [
            .. totals.Resolved.Select(r => new ResolvedAttempt { AttemptId = r.AttemptId, CostNanos = r.Cost.Nanos, Endpoint = r.Endpoint }),
        ],
        ByModel = Spend(totals.ByModel),
    };

    public static LeaseReply Reply(BudgetKey budget, LedgerResult result, TimeSpan lifetime, double price) => new()
    {
        Status = (BudgetStatus)result.Status,
        LeaseId = result.Lease?.LeaseId ?? "",
        Epoch = result.Lease?.Epoch ?? 0,
        GrantedNanos = result.Lease?.Granted.Nanos ?? 0,
        Lifetime = lifetime,
        ShadowPrice = price,
        ExposureNanos = result.Lease?.Exposure.Nanos ?? 0,
        Refusal = result.Refusal is not { } refusal ? null : new BudgetRefusal
        {
            Account = budget.Account,
            Endpoint = budget.Endpoint,
            Window = NameOf(refusal.Window),
            CapNanos = refusal.Cap.Nanos,
            RemainingNanos = refusal.Remaining.Nanos,
            NeededNanos = refusal.Needed.Nanos,
            ResetsAt = refusal.ResetsAt,
        },
    };

    public static AccountSnapshot Snapshot(BudgetKey budget, LedgerSnapshot ledger, double price) => new()
    {
        Account = budget.Account,
        Endpoint = budget.Endpoint,
        Status = BudgetStatus.Ok,
        Windows = [.. ledger.Windows.Select(Window)],
        SettledNanos = ledger.Settled.Nanos,
        UnconfirmedUpperNanos = ledger.UnconfirmedUpper.Nanos,
        UnconfirmedLowerNanos = ledger.UnconfirmedLower.Nanos,
        LeasedNanos = ledger.Leased.Nanos,
        OpenLeases = ledger.OpenLeases,
        Requests = ledger.Requests,
        ShadowPrice = price,
        OverrunNanos = ledger.Overrun.Nanos,
        ByModel = Spend(ledger.ByModel),
    };

    private static WindowSnapshot Window(WindowStanding window) => new()
    {
        Window = NameOf(window.Cap.Window),
        Hard = window.Cap.Hard,
        CapNanos = window.Limit.Nanos,
        SettledNanos = window.Settled.Nanos,
        RemainingNanos = window.Remaining.Nanos,
        ResetsAt = window.ResetsAt,
        Mode = Telemetry.Names.Of(window.Cap.Mode),
        Span = window.Cap.Span,
        TimeZone = window.Cap.TimeZone,
        AlertedPercent = window.AlertedPercent,
        WouldRefuse = window.WouldRefuse,
        WouldRefuseNanos = window.WouldRefuseAmount.Nanos,
        Overrides =
        [
            .. window.Overrides.Select(o => new OverrideSnapshot
            {
                OverrideId = o.Id,
                ChangeNanos = o.Change.Nanos,
                ExpiresAt = o.ExpiresAt,
                Author = o.Author,
                Reason = o.Reason,
            }),
        ],
    };

    private static ImmutableArray<ModelSpend> Spend(ImmutableArray<ModelUsage> models) =>
    [
        .. models.Select(m => new ModelSpend
        {
            Endpoint = m.Endpoint,
            SettledNanos = m.Settled.Nanos,
            Attempts = m.Attempts,
            InputTokens = m.Tokens.Input,
            OutputTokens = m.Tokens.Output,
            CachedTokens = m.Tokens.Cached,
            ReasoningTokens = m.Tokens.Reasoning,
        }),
    ];

    private static string NameOf(WindowKind window) => Telemetry.Names.Of(window);
}
