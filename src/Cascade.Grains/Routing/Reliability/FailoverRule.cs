using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Model;

namespace Cascade.Grains.Routing;

/// <summary>When another deployment of a group stands in for the one that was asked. Pure.</summary>
internal static class FailoverRule
{
    /// <summary>
    /// Who else may be asked after a call. Whatever is wrong with one deployment, its credentials and its queue included, need not be wrong with
    /// another; what is wrong with the request is. An account that cannot pay for one may be able to pay for a cheaper one.
    /// </summary>
    /// <param name="attempt">How the last call ended.</param>
    /// <param name="last">Where it was made.</param>
    /// <param name="untried">The deployments that were not asked yet.</param>
    public static IReadOnlyList<EndpointModel> Candidates(Attempt attempt, EndpointModel last, IReadOnlyList<EndpointModel> untried) =>
        attempt.Record switch
        {
            { Outcome: AttemptOutcome.NoCapacity } => untried,
            { Outcome: AttemptOutcome.Failed, Blame: not (AttemptBlame.None or AttemptBlame.Caller or AttemptBlame.Cluster) } => untried,
            { Outcome: AttemptOutcome.Unaffordable } when attempt.Reserve == ReserveOutcome.CapReached =>
                [.. untried.Where(other => other.ExpectedCostNanos < last.ExpectedCostNanos)],
            _ => [],
        };
}
