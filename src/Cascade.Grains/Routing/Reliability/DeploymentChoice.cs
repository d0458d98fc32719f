using Cascade.Grains.Endpoints;
using Cascade.Grains.Model;
using Cascade.Planning.Frontier;

namespace Cascade.Grains.Routing;

/// <summary>Which deployment of a group a call goes to. Pure.</summary>
internal static class DeploymentChoice
{
    /// <summary>
    /// The less loaded of two that are drawn at random among the fittest: of one that is always the least loaded all silos would be equally sure, and
    /// send it everything at once. One that may be looked at again gets the call first.
    /// </summary>
    /// <param name="candidates">Who may be called.</param>
    /// <param name="standingOf">How each stands.</param>
    /// <param name="draw">What the draw depends on, such as the call's id.</param>
    /// <returns>The choice and its fitness; null when there is no candidate.</returns>
    public static (EndpointModel Endpoint, EndpointFitness Fitness)? Pick(
        IReadOnlyList<EndpointModel> candidates, Func<EndpointModel, EndpointStanding> standingOf, string draw)
    {
        if (candidates.Count == 0)
        {
            return null;
        }

        var standings = candidates.Select(standingOf).ToArray();
        if (Array.FindIndex(standings, static s => s.MayProbe) is >= 0 and var probed)
        {
            return (candidates[probed], EndpointFitness.Fit);
        }

        var best = standings.Min(static s => s.Fitness);
        int[] fittest = [.. Enumerable.Range(0, standings.Length).Where(i => standings[i].Fitness == best)];
        if (best == EndpointFitness.Paused)
        {
            return (candidates[fittest.MinBy(i => standings[i].PausedFor)], best);
        }

        var first = Place(draw, "deployment", fittest.Length);
        var second = fittest.Length == 1 ? first : (first + 1 + Place(draw, "other", fittest.Length - 1)) % fittest.Length;
        var (a, b) = (fittest[first], fittest[second]);
        return (candidates[standings[b].Load < standings[a].Load ? b : a], best);
    }

    private static int Place(string draw, string scope, int count) => (int)(StableMix.Unit(draw, scope) * count);
}
