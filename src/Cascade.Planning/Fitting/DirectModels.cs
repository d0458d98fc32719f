using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>Every model on its own, and the mixes between them: what money buys without looking at the query or the answer.</summary>
public sealed class DirectModels : ICascadeStrategy
{
    /// <summary>The name of the strategy that all others have to beat.</summary>
    public const string StrategyName = "single-model";

    /// <inheritdoc />
    public string Name => StrategyName;

    /// <inheritdoc />
    public int Complexity => 0;

    /// <inheritdoc />
    public string? Unfit(FitContext context) => null;

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = [.. Enumerable.Range(0, context.Models.Length).Select(m => new Candidate(ChainSpec.Direct(m), 0))],
            ScoreModels = context.ScoreModels,
        };
    }
}
