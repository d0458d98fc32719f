using Cascade.Planning.Decisions;
using Cascade.Planning.Policies;

namespace Cascade.Planning.Strategies;

/// <summary>Always the one model: its answer is returned as it is, and when it gives none the request is abstained from.</summary>
public sealed class SingleModelStrategy : IConfigurableStrategy
{
    /// <summary>The name that configuration uses.</summary>
    public const string StrategyName = "single-model";

    /// <inheritdoc />
    public string Name => StrategyName;

    /// <inheritdoc />
    public IDecisionPolicy Fit(StrategyInput input)
    {
        StrategyInputCheck.Require(input, StrategyName, fewest: 1, most: 1);
        return new FallbackChainPolicy([.. input.Models]);
    }
}
