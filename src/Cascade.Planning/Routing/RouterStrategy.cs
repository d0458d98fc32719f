using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Routing;

/// <summary>
/// One call per request, to the model with the highest <c>q̂ − λ·ĉ</c>: estimates by a trainer, operating points along λ. Offered over all models, and
/// over those alone that are worth their money on average, as an estimate of a model that is hardly ever best costs more than it finds.
/// </summary>
/// <param name="trainer">Trains what estimates quality and cost before a model runs.</param>
public sealed class RouterStrategy(IEstimatorTrainer trainer) : ICascadeStrategy
{
    /// <summary><c>router-</c> and the trainer's name.</summary>
    public string Name { get; } = $"router-{trainer?.Name ?? throw new ArgumentNullException(nameof(trainer))}";

    /// <inheritdoc />
    public int Complexity => 3;

    /// <inheritdoc />
    public string? Unfit(FitContext context) => RoutingInput.Unfit(context);

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        RoutingInput.Require(context);
        var fitted = CrossFit.Train(trainer, context.Outcomes, context.Options.Seed);
        var sets = RoutingInput.ModelSets(context);
        var count = Math.Max(2, Math.Min(context.Options.PriceGridSize, context.Options.MaxCandidates / sets.Length));
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = [.. sets.SelectMany(models => Candidates(fitted.OutOfFold, models, count)).Take(context.Options.MaxCandidates)],
            ScoreModels = context.ScoreModels,
            Estimator = fitted.Estimator,
        };
    }

    private static IEnumerable<Candidate> Candidates(PriorMatrix priors, int[] models, int count)
    {
        var spec = new RouterSpec { Models = [.. models] };
        return RoutingSteps.Of(priors, models).Grid(count).Select(price => new Candidate(spec, price));
    }
}
