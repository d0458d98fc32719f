using Cascade.Planning.Decisions;
using Cascade.Planning.Strategies;

namespace Cascade.Tests.Planning;

/// <summary>Every state of a few models, on a grid of scores and prices that hits all comparisons from both sides.</summary>
internal static class PolicyStates
{
    internal static readonly double[] Prices = [0, 0.5, 1, 9, 10, 11, 49, 50, 100, 1e6, double.PositiveInfinity];

    private static readonly ModelOutcome[] Choices =
    [
        default,
        new(OutcomeKind.Failed, double.NaN),
        new(OutcomeKind.Unaffordable, double.NaN),
        new(OutcomeKind.Answered, double.NaN),
        new(OutcomeKind.Answered, 0),
        new(OutcomeKind.Answered, 0.45),
        new(OutcomeKind.Answered, 0.79),
        new(OutcomeKind.Answered, 0.8),
        new(OutcomeKind.Answered, 1),
    ];

    internal static IReadOnlyList<ModelProfile> Models(int count) => new ModelProfile[]
    {
        new() { Name = "cheap", Quality = 0.7, CostUsd = 0.001 },
        new() { Name = "strong", Quality = 0.95, CostUsd = 0.01 },
        new() { Name = "spare", Quality = 0.9, CostUsd = 0.02 },
    }[..count];

    internal static IDecisionPolicy Policy(string strategy, int count, double threshold = 0.8) =>
        StrategyCatalog.Find(strategy)!.Fit(new StrategyInput { Models = Models(count), Threshold = threshold });

    internal static IEnumerable<ModelOutcome[]> All(int count)
    {
        var total = (int)Math.Pow(Choices.Length, count);
        for (var code = 0; code < total; code++)
        {
            var state = new ModelOutcome[count];
            var rest = code;
            for (var i = 0; i < count; i++)
            {
                state[i] = Choices[rest % Choices.Length];
                rest /= Choices.Length;
            }

            yield return state;
        }
    }

    internal static Decision Decide(this IDecisionPolicy policy, double price, params ModelOutcome[] outcomes) =>
        policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = price });
}
