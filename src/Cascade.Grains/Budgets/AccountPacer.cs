using Cascade.Budgets;
using Cascade.Grains.Model;
using Cascade.Planning.Pacing;

namespace Cascade.Grains.Budgets;

/// <summary>Moves an account's shadow price by what it spent against its tightest hard cap. Pure.</summary>
internal static class AccountPacer
{
    private static readonly TrafficForecast Forecast = new(TrafficForecast.DefaultMemory, TrafficForecast.DefaultMinExposure);

    /// <summary>The price after a report.</summary>
    /// <param name="pacer">The price before.</param>
    /// <param name="account">The account's configuration.</param>
    /// <param name="before">The ledger before the report.</param>
    /// <param name="after">The ledger after it.</param>
    /// <param name="now">The time.</param>
    public static PacerRecord Update(PacerRecord pacer, AccountModel account, LedgerState before, LedgerState after, DateTimeOffset now)
    {
        var requests = after.Requests - before.Requests;
        var spent = after.Settled - before.Settled;
        if ((requests == 0 && spent == Money.Zero) || Tightest(after, now) is not { } window)
        {
            return pacer;
        }

        var inWindow = (pacer.WindowStart == window.StartedAt ? pacer.WindowRequests : 0) + requests;
        var traffic = Forecast.Observe(
            new TrafficState(pacer.TrafficRequests, pacer.TrafficExposureSeconds, pacer.TrafficAt), requests, now);
        var remaining = account.ExpectedRequests is { } expected
            ? Math.Max(1, expected - inWindow)
            : Forecast.Remaining(traffic, (window.ResetsAt ?? now + TrafficForecast.DefaultMemory) - now);
        var parameters = new PacerParameters
        {
            BudgetUsd = Dollars(window.Cap.Limit),
            ExpectedRequests = account.ExpectedRequests ?? inWindow + remaining,
        };
        return pacer with
        {
            Price = Price(parameters, pacer.Price, requests, spent, window.Remaining, remaining),
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

    private static WindowStanding? Tightest(LedgerState state, DateTimeOffset now) =>
        state.Snapshot(now).Windows.Where(w => w.Cap.Hard).MinBy(w => w.Remaining);

    private static double Dollars(Money money) => money.Nanos / (double)Money.NanosPerDollar;
}
