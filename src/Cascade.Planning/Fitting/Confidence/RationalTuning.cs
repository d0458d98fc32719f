using Cascade.Planning.Copulas;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Chains whose thresholds come from a probabilistic model of the confidences instead of the rows themselves (Zellinger and Thomson, arXiv
/// 2501.09345): logistic calibration of the best signal of each model, a Markov chain of Gumbel copulas over it, thresholds by continuous
/// optimisation. Meant for few rows, where thresholds fitted to rows follow their noise.
/// </summary>
public sealed class RationalTuning : ICascadeStrategy
{
    /// <inheritdoc />
    public string Name => "rational-tuning";

    /// <inheritdoc />
    public string? Unfit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return CopulaChains.Unfit(context);
    }

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitColumns.RequireFit(this, context);
        var chains = new CopulaChains(context);
        return new FittedStrategy { Strategy = Name, Candidates = chains.Tune(AbstentionStages.Never, 1), ScoreModels = chains.ScoreModels };
    }
}
