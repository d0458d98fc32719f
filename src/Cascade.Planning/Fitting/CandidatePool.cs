using System.Collections.Immutable;
using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Collects policies with what they cost and deliver on the fit rows, and keeps those worth trying on other rows: the corners of the hull, and
/// next to every stretch of it the policies that miss it least. The hull of few rows is partly luck; its neighbours are what the choice among
/// candidates can correct it with.
/// </summary>
internal sealed class CandidatePool
{
    private readonly List<FrontierPoint> _points = [];
    private readonly List<PolicySpec> _policies = [];
    private readonly HashSet<(double, double)> _seen = [];

    /// <summary>What was added, in order; policies are numbered from 0.</summary>
    public ImmutableArray<FrontierPoint> Points => [.. _points];

    public void Add(double costUsd, double quality, PolicySpec policy)
    {
        if (_seen.Add((costUsd, quality)))
        {
            _points.Add(new FrontierPoint(costUsd, quality, _points.Count));
            _policies.Add(policy);
        }
    }

    public void Add(FrontierPoint point, PolicySpec policy) => Add(point.CostUsd, point.Quality, policy);

    public CostFrontier Frontier() => CostFrontier.Of([.. _points]);

    public PolicySpec PolicyOf(FrontierPoint point) => _policies[point.Policy];

    /// <summary>The candidates, at most so many; of them a quarter is kept for policies next to the hull when there are enough.</summary>
    public ImmutableArray<Candidate> Select(int most)
    {
        if (_points.Count <= most)
        {
            return [.. _policies.Select(p => new Candidate(p, 0))];
        }

        var frontier = Frontier();
        var corners = Thin(frontier.Vertices, Math.Max(2, most * 3 / 4));
        var kept = corners.Select(c => c.Policy).ToHashSet();
        var near = Nearest(frontier, corners, kept);
        return [.. corners.Select(c => c.Policy).Concat(near.Take(most - corners.Length)).Select(i => new Candidate(_policies[i], 0))];
    }

    private static FrontierPoint[] Thin(ImmutableArray<FrontierPoint> vertices, int most)
    {
        if (vertices.Length <= most)
        {
            return [.. vertices];
        }

        return [.. Enumerable.Range(0, most).Select(i => vertices[(int)((long)i * (vertices.Length - 1) / (most - 1))])];
    }

    private IEnumerable<int> Nearest(CostFrontier frontier, FrontierPoint[] corners, HashSet<int> kept)
    {
        var cells = Cells(corners);
        var rest = _points.Where(p => !kept.Contains(p.Policy)).Select(p =>
        {
            var found = Array.BinarySearch(cells, p.CostUsd);
            return (Cell: found >= 0 ? found : ~found, Gap: frontier.AtBudget(p.CostUsd).Quality - p.Quality, p.Policy);
        });

        // One per stretch in turn: where policies lie dense they would otherwise take every place.
        return rest.GroupBy(p => p.Cell)
            .SelectMany(cell => cell.OrderBy(p => p.Gap).ThenBy(p => p.Policy).Select((p, rank) => (p.Policy, p.Gap, Rank: rank)))
            .OrderBy(p => p.Rank).ThenBy(p => p.Gap).ThenBy(p => p.Policy)
            .Select(p => p.Policy);
    }

    /// <summary>
    /// Where stretches end: at the corners, and evenly from the best of them to the dearest policy, whose money may be of use on other rows.
    /// </summary>
    private double[] Cells(FrontierPoint[] corners)
    {
        var (last, dearest) = (corners[^1].CostUsd, _points.Max(p => p.CostUsd));
        var beyond = Math.Max(4, corners.Length / 4);
        return [.. corners.Select(c => c.CostUsd), .. Enumerable.Range(1, beyond).Select(i => last + ((dearest - last) * i / beyond))];
    }
}
