using Cascade.Planning.Decisions;
using Cascade.Planning.Policies;

namespace Cascade.Planning.Strategies;

/// <summary>
/// Models in order of preference, for reliability only: the next one is called when the one before it failed or could not be paid for, never
/// because an answer was judged poor.
/// </summary>
public sealed class FallbackChainStrategy : IConfigurableStrategy
{
    /// <summary>The name that configuration uses.</summary>
    public const string StrategyName = "fallback-chain";

    /// <inheritdoc />
    public string Name => StrategyName;

    /// <inheritdoc />
    public IDecisionPolicy Fit(StrategyInput input)
    {
        StrategyInputCheck.Require(input, StrategyName, fewest: 1, most: StrategyInputCheck.MostModels);
        return new FallbackChainPolicy([.. input.Models]);
    }
}
