using Cascade.Planning.Decisions;

namespace Cascade.Planning.CascadeRouting;

/// <summary>What is returned when no further model is called, and why one is.</summary>
internal static class Ending
{
    public static Decision Of(Belief belief, BeliefReader reader, bool isUsedUp)
    {
        var answer = belief.BestAnswer();
        if (answer < 0)
        {
            return new Decision(DecisionKind.Abstain, -1, DecisionReason.Exhausted);
        }

        var reason = !isUsedUp ? DecisionReason.NothingWorthMore : belief.AnyFailed ? DecisionReason.BestAvailable : DecisionReason.LastModel;
        return new Decision(DecisionKind.Accept, reader.ModelAt(answer), reason);
    }

    public static DecisionReason ReasonToCall(Belief belief) => belief switch
    {
        { Answered: not 0 } => DecisionReason.GainWorthPrice,
        { AnyFailed: true } => DecisionReason.Fallback,
        _ => DecisionReason.BestExpectedValue,
    };
}
