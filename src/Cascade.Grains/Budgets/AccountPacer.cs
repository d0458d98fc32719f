using Cascade.Budgets;
using Cascade.Grains.Model;
using Cascade.Planning.Pacing;

namespace Cascade.Grains.Budgets;

/// <summary>
/// Moves a budget's shadow price by what it spent against its tightest hard cap, or against its tightest soft one when none is hard. A cap that is
/// only observed sets no price: watching must not change what is decided. Pure.
/// </summary>
internal static class AccountPacer
{
    private static readonly TrafficForecast Forecast = new(TrafficForecast.DefaultMemory, TrafficForecast.DefaultMinExposure);

    /// <summary>The price after a report.</summary>
    /// <param name="pacer">The price before.</param>
    /// <param name="budget">The budget's configuration.</param>
    /// <param name="before">The ledger before the report.</param>
    /// <param name="after">The ledger after it.</param>
    /// <param name="now">The time.</param>
    public static PacerRecord Update(PacerRecord pacer, BudgetModel budget, LedgerState before, LedgerState after, DateTimeOffset now)
    {
        var requests = after.Requests - before.Requests;
        var spent = after.Settled - before.Settled;
        if ((requests == 0 && spent == Money.Zero) || Tightest(after, now) is not { } window)
        {
            return pacer;
        }

        // A rolling window gives back all the time what it took a span ago, so it is paced to its whole cap and not to what is left of it.
        var rolls = window.Cap.Window == WindowKind.Rolling;
        var inWindow = (!rolls && pacer.WindowStart == window.StartedAt ? pacer.WindowRequests : 0) + requests;
        var traffic = Forecast.Observe(
            new TrafficState(pacer.TrafficRequests, pacer.TrafficExposureSeconds, pacer.TrafficAt), requests, now);
        var remaining = budget.ExpectedRequests is { } expected
            ? Math.Max(1, rolls ? expected : expected - inWindow)
            : Forecast.Remaining(traffic, rolls ? window.Cap.Span : (window.ResetsAt ?? now + TrafficForecast.DefaultMemory) - now);
        var parameters = new PacerParameters
        {
            BudgetUsd = Dollars(window.Limit),
            ExpectedRequests = budget.ExpectedRequests ?? (rolls ? remaining : inWindow + remaining),
        };
        return pacer with
        {
            Price = Price(parameters, PriceOf(pacer, budget), requests, spent, rolls && window.Remaining > Money.Zero ? window.Limit : window.Remaining, remaining),
            WindowStart = window.StartedAt,
            WindowRequests = inWindow,
            TrafficRequests = traffic.Requests,
            TrafficExposureSeconds = traffic.ExposureSeconds,
            TrafficAt = traffic.At,
        };
    }

    private static double Price(
        PacerParameters parameters, double price, long requests, Money spent, Money remaining, double remainingRequests)
    {
        // A cap of nothing has no plan to pace to: every call is refused before a price matters.
        if (parameters.BudgetUsd <= 0 || parameters.PlanUsd < PacerParameters.MinPlanUsd)
        {
            return price;
        }

        var pacer = new DualPacer(parameters);
        return pacer.Update(new PacerState(price), new PacingReport
        {
            Requests = requests,
            SpendUsd = Dollars(spent),
            RemainingBudgetUsd = Dollars(remaining),
            ExpectedRemainingRequests = remainingRequests,
        }).Price;
    }

    /// <summary>The price that holds: where the budget starts, until its first spend has moved it.</summary>
    public static double PriceOf(PacerRecord pacer, BudgetModel budget) =>
        pacer is { TrafficAt: null, Price: 0 } ? budget.StartPrice : pacer.Price;

    /// <summary>The window that the price is paced to; null when there is none.</summary>
    public static WindowStanding? Tightest(LedgerState state, DateTimeOffset now)
    {
        var windows = state.Snapshot(now).Windows;
        return windows.Where(static w => w.Cap.Mode == CapMode.Hard).MinBy(static w => w.Remaining)
            ?? windows.Where(static w => w.Cap.Mode == CapMode.Soft).MinBy(static w => w.Remaining);
    }

    private static double Dollars(Money money) => money.Nanos / (double)Money.NanosPerDollar;
}
