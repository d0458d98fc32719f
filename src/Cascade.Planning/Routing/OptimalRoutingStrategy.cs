using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Routing;

/// <summary>
/// Optimal routing of Dekoninck, Baader and Vechev (arXiv 2410.10347): for each of many budgets the price whose router spends it on the rows to fit
/// on, and the router just below that price, so that a mix of the two spends it exactly. Decided by out-of-fold estimates, measured by what happened.
/// </summary>
public sealed class OptimalRoutingStrategy : ICascadeStrategy
{
    private readonly IEstimatorTrainer _trainer;

    /// <summary>Creates the strategy.</summary>
    /// <param name="trainer">Trains what estimates quality and cost before a model runs.</param>
    public OptimalRoutingStrategy(IEstimatorTrainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        _trainer = trainer;
    }

    /// <inheritdoc />
    public string Name => "optimal-routing";

    /// <inheritdoc />
    public int Complexity => 3;

    /// <inheritdoc />
    public string? Unfit(FitContext context) => RoutingInput.Unfit(context);

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        RoutingInput.Require(context);
        var fitted = CrossFit.Train(_trainer, context.Outcomes, context.Options.Seed);
        int[] models = [.. Enumerable.Range(0, context.Models.Length)];
        var spec = new RouterSpec { Models = [.. models] };
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = [.. Prices(context, fitted.OutOfFold, models).Take(context.Options.MaxCandidates).Select(price => new Candidate(spec, price))],
            ScoreModels = context.ScoreModels,
            Estimator = fitted.Estimator,
        };
    }

    private static SortedSet<double> Prices(FitContext context, PriorMatrix priors, int[] models)
    {
        var router = new EstimatedRouter(priors, models, context.Outcomes);
        var budgets = Math.Max(1, Math.Min(context.Options.PriceGridSize, context.Options.MaxCandidates / 2) - 1);
        var steps = RoutingSteps.Of(priors, models);
        var ends = steps.Grid(2);
        var (cheapest, dearest) = (router.At(ends[^1]).CostUsd, router.At(0).CostUsd);
        var prices = new SortedSet<double>(ends);
        for (var b = 1; b < budgets; b++)
        {
            var choice = LagrangianSearch.AtBudget(router.At, cheapest + ((dearest - cheapest) * b / budgets));
            prices.Add(choice.Price);
            prices.Add(choice.DearerPrice);
        }

        return prices;
    }
}
