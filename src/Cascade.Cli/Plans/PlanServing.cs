using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;

namespace Cascade.Cli.Plans;

/// <summary>Answers budgets, floors and prices from a plan's operating points, as the cluster does.</summary>
internal static class PlanServing
{
    public static CostFrontier Frontier(PlanDocument plan) =>
        CostFrontier.Of([.. plan.Points.Select((p, i) => new FrontierPoint(p.CostUsd.Mean, p.Quality.Mean, i))]);

    /// <summary>What is served at a limit; null when there is none.</summary>
    public static ServedPoint? At(PlanDocument plan, double? budgetUsd, double? floor, double? price)
    {
        var frontier = Frontier(plan);
        if (price is { } lambda)
        {
            var point = frontier.AtPrice(lambda);
            return new ServedPoint(FrontierFit.Binding, point.Policy, point.Policy, 0, point.CostUsd, point.Quality, lambda);
        }

        var choice = budgetUsd is { } budget ? frontier.AtBudget(budget) : floor is { } quality ? frontier.AtFloor(quality) : (FrontierChoice?)null;
        return choice is { } c ? new ServedPoint(c.Fit, c.Lower.Policy, c.Upper.Policy, c.UpperShare, c.CostUsd, c.Quality, c.QualityPerUsd) : null;
    }

    /// <summary>The prices at which a point is served: more is spent below the first, less above the second.</summary>
    public static (double From, double To) PricesOf(CostFrontier frontier, int point)
    {
        var place = frontier.Vertices.Select(v => v.Policy).ToList().IndexOf(point);
        return place < 0
            ? (double.NaN, double.NaN)
            : (place < frontier.Prices.Length ? frontier.Prices[place] : 0, place > 0 ? frontier.Prices[place - 1] : double.PositiveInfinity);
    }
}

/// <summary>One operating point, or the mix of two.</summary>
/// <param name="Fit">How the limit is met.</param>
/// <param name="Lower">The cheaper point's place.</param>
/// <param name="Upper">The dearer point's place.</param>
/// <param name="UpperShare">The share of requests that follow the dearer one.</param>
/// <param name="CostUsd">Planned mean cost.</param>
/// <param name="Quality">Planned mean quality.</param>
/// <param name="QualityPerUsd">λ.</param>
internal sealed record ServedPoint(FrontierFit Fit, int Lower, int Upper, double UpperShare, double CostUsd, double Quality, double QualityPerUsd);
