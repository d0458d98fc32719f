using Cascade.Planning.Decisions;

namespace Cascade.Planning.Strategies;

/// <summary>A way of choosing among models that can be set up from what configuration says of them, without recorded outcomes.</summary>
public interface IConfigurableStrategy
{
    /// <summary>A stable name, used in configuration, for example <c>threshold-pair</c>.</summary>
    string Name { get; }

    /// <summary>Fits the strategy.</summary>
    /// <param name="input">What is known.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="ArgumentException">The input does not suit the strategy; the message says what to change.</exception>
    IDecisionPolicy Fit(StrategyInput input);
}

/// <summary>What a strategy is fitted on.</summary>
public sealed record StrategyInput
{
    /// <summary>The models in the order they are to be tried; at least one.</summary>
    public required IReadOnlyList<ModelProfile> Models { get; init; }

    /// <summary>A draft that scores at least this much is accepted, 0 to 1.</summary>
    public double Threshold { get; init; } = 0.8;
}
