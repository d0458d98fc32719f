using Cascade.Planning.Frontier;

namespace Cascade.Planning.Routing;

/// <summary>Runs the policy that belongs to a price.</summary>
/// <param name="price">λ in quality per dollar, at least 0, finite.</param>
/// <returns>Its mean cost in dollars and mean quality; its number is not looked at.</returns>
public delegate FrontierPoint PricedPolicy(double price);

/// <summary>The best use of a budget within a family of policies that are ordered by a price.</summary>
public readonly record struct LagrangianChoice
{
    /// <summary>How the budget is met.</summary>
    public required FrontierFit Fit { get; init; }

    /// <summary>λ in quality per dollar of the policy that keeps to the budget; 0 when money has no use left.</summary>
    public required double Price { get; init; }

    /// <summary>λ of the dearer policy of the mix, at most <see cref="Price"/>; the same when there is nothing to mix.</summary>
    public required double DearerPrice { get; init; }

    /// <summary>γ: the share of requests that follow the dearer policy, 0 to 1.</summary>
    public required double DearerShare { get; init; }

    /// <summary>Mean cost in dollars.</summary>
    public required double CostUsd { get; init; }

    /// <summary>Mean quality.</summary>
    public required double Quality { get; init; }
}

/// <summary>
/// Finds λ by bisection: the higher the price, the less is spent. Where the cost jumps over the budget, because many requests tie at one price, the
/// policies on both sides of the jump are mixed with <c>γ = (B − C_cheap) / (C_dear − C_cheap)</c> on the dearer (Dekoninck, Baader and Vechev,
/// arXiv 2410.10347, section on optimal routing; their code has the two shares the wrong way round).
/// </summary>
/// <remarks>
/// Cost falls with the price for sure only when it is measured with the estimates that the policy decides by. Measured with what really happened it
/// need not, so that the end that is returned has been run and keeps to the budget, and a better point that was met on the way is preferred.
/// </remarks>
public static class LagrangianSearch
{
    private const int MaxDoublings = 200;
    private const int MaxBisections = 200;

    /// <summary>The best quality for a mean cost of at most the budget.</summary>
    /// <param name="policy">The family; deterministic.</param>
    /// <param name="budgetUsd">Dollars per request; not NaN.</param>
    /// <returns>
    /// Slack when even the policy of price 0 keeps to the budget; binding otherwise; infeasible, with the policy of the highest price, when none does.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The budget is NaN.</exception>
    public static LagrangianChoice AtBudget(PricedPolicy policy, double budgetUsd)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (double.IsNaN(budgetUsd))
        {
            throw new ArgumentOutOfRangeException(nameof(budgetUsd), budgetUsd, "give dollars per request");
        }

        var dear = policy(0);
        if (dear.CostUsd <= budgetUsd)
        {
            return Pure(FrontierFit.Slack, 0, dear);
        }

        var (low, high) = (0.0, 1 / Math.Max(dear.CostUsd, 1e-300));
        var cheap = policy(high);
        for (var i = 0; i < MaxDoublings && cheap.CostUsd > budgetUsd && high < 1e300; i++)
        {
            (low, dear, high) = (high, cheap, high * 2);
            cheap = policy(high);
        }

        if (cheap.CostUsd > budgetUsd)
        {
            return Pure(FrontierFit.Infeasible, high, cheap);
        }

        var best = Pure(FrontierFit.Binding, high, cheap);
        for (var i = 0; i < MaxBisections; i++)
        {
            var middle = low + ((high - low) / 2);
            if (!(middle > low && middle < high))
            {
                break;
            }

            var point = policy(middle);
            if (point.CostUsd > budgetUsd)
            {
                (low, dear) = (middle, point);
                continue;
            }

            (high, cheap) = (middle, point);
            best = point.Quality > best.Quality ? Pure(FrontierFit.Binding, middle, point) : best;
        }

        var mix = Mix(budgetUsd, high, cheap, low, dear);
        return best.Quality > mix.Quality ? best : mix;
    }

    private static LagrangianChoice Mix(double budget, double high, FrontierPoint cheap, double low, FrontierPoint dear)
    {
        var share = Math.Clamp((budget - cheap.CostUsd) / (dear.CostUsd - cheap.CostUsd), 0, 1);
        return new LagrangianChoice
        {
            Fit = FrontierFit.Binding,
            Price = high,
            DearerPrice = low,
            DearerShare = share,
            CostUsd = cheap.CostUsd + (share * (dear.CostUsd - cheap.CostUsd)),
            Quality = cheap.Quality + (share * (dear.Quality - cheap.Quality)),
        };
    }

    private static LagrangianChoice Pure(FrontierFit fit, double price, FrontierPoint point) => new()
    {
        Fit = fit,
        Price = price,
        DearerPrice = price,
        DearerShare = 0,
        CostUsd = point.CostUsd,
        Quality = point.Quality,
    };
}
