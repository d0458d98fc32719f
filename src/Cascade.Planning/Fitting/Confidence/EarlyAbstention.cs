using Cascade.Planning.Copulas;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Chains that may return no answer at every stage, so that requests no model can answer end before dearer models are paid for (Zellinger, Liu and
/// Thomson, arXiv 2502.09054). Thresholds minimise E[1[error] + λ_c · cost + λ_a · 1[abstain]] on the model of <see cref="RationalTuning"/>;
/// <see cref="FitOptions.Abstention"/> has λ_a and where abstaining is allowed.
/// </summary>
/// <remarks>
/// A comparison by quality counts no answer as 0, the same as a wrong one, and so never favours abstaining; compare by
/// <see cref="Evaluation.AbstentionLoss"/> what this strategy is for.
/// </remarks>
public sealed class EarlyAbstention : ICascadeStrategy
{
    /// <inheritdoc />
    public string Name => "early-abstention";

    /// <inheritdoc />
    public string? Unfit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var options = context.Options.Abstention;
        if (options.Penalty is not (>= 0 and <= 1) || options.Stages is AbstentionStages.None)
        {
            return $"Abstention has the penalty {options.Penalty} and the stages {options.Stages}; give a penalty from 0 to 1 and Any, LastOnly or Never";
        }

        return CopulaChains.Unfit(context);
    }

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitColumns.RequireFit(this, context);
        var chains = new CopulaChains(context);
        var options = context.Options.Abstention;
        return new FittedStrategy { Strategy = Name, Candidates = chains.Tune(options.Stages, options.Penalty), ScoreModels = chains.ScoreModels };
    }
}
