using Cascade.Planning.Estimation;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Routing;

/// <summary>A router on many rows at once: what it costs and delivers at any price.</summary>
/// <param name="priors">What it decides by.</param>
/// <param name="models">The models it chooses among.</param>
/// <param name="truth">What then happens; null to take the estimates at their word.</param>
internal sealed class EstimatedRouter(PriorMatrix priors, int[] models, OutcomeTable? truth)
{
    public FrontierPoint At(double price)
    {
        var (cost, quality) = (0.0, 0.0);
        for (var row = 0; row < priors.RowCount; row++)
        {
            var q = priors.Quality(row);
            var c = priors.CostUsd(row);
            var best = models[0];
            foreach (var model in models)
            {
                if (RoutingRule.IsBetter(q[model], c[model], q[best], c[best], price))
                {
                    best = model;
                }
            }

            cost += truth is null ? c[best] : truth.CostUsd(best)[row];
            quality += truth is null ? q[best] : truth.Quality(best)[row];
        }

        return new FrontierPoint(cost / priors.RowCount, quality / priors.RowCount, 0);
    }
}
