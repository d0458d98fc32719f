using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Fitting;

/// <summary>
/// What the candidates of a strategy deliver on the rows to choose on: the hull over all rows, and the hulls over two halves of them for the
/// cross-fitted comparison. Rows are kept for the vertices of the three hulls only, as no other candidate can be needed again.
/// </summary>
internal sealed class CandidateBook
{
    /// <summary>Candidates between two prunings; bounds memory to the hulls and this many.</summary>
    private const int PruneEvery = 32;

    private readonly Dictionary<int, PolicyResult> _kept = [];
    private readonly List<FrontierPoint>[] _points = [[], [], []];

    private CandidateBook()
    {
    }

    /// <summary>The hull over all rows; a vertex's policy is the candidate's index.</summary>
    public CostFrontier Frontier { get; private set; } = null!;

    /// <summary>The hull over the rows of each half.</summary>
    public CostFrontier[] Halves { get; private set; } = [];

    /// <summary>What a vertex of one of the hulls delivered, row by row.</summary>
    public PolicyResult this[int candidate] => _kept[candidate];

    /// <summary>Runs every candidate.</summary>
    /// <param name="fitted">The strategy.</param>
    /// <param name="models">The models.</param>
    /// <param name="evidenceOf">The evidence that a candidate reads on the rows to choose on.</param>
    /// <param name="secondHalf">Whether a row is of the second half; both halves hold rows, or the comparison is not made.</param>
    /// <param name="cancellationToken">Cancels between candidates.</param>
    public static CandidateBook Of(
        FittedStrategy fitted, ImmutableArray<ModelProfile> models, Func<Candidate, Evidence> evidenceOf, bool[] secondHalf, CancellationToken cancellationToken)
    {
        var book = new CandidateBook();
        for (var c = 0; c < fitted.Candidates.Length; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var candidate = fitted.Candidates[c];
            book.Add(c, PolicyEvaluator.Run(candidate.Policy.Compile(models), evidenceOf(candidate), candidate.Price), secondHalf);
            if (c % PruneEvery == PruneEvery - 1)
            {
                book.Prune();
            }
        }

        book.Prune();
        return book;
    }

    private void Add(int candidate, PolicyResult result, bool[] secondHalf)
    {
        var (cost, quality, count) = (new double[2], new double[2], new int[2]);
        for (var row = 0; row < secondHalf.Length; row++)
        {
            var half = secondHalf[row] ? 1 : 0;
            cost[half] += result.CostUsd[row];
            quality[half] += result.Quality[row];
            count[half]++;
        }

        var n = (double)secondHalf.Length;
        _points[2].Add(new FrontierPoint((cost[0] + cost[1]) / n, (quality[0] + quality[1]) / n, candidate));
        for (var half = 0; half < 2; half++)
        {
            if (count[half] > 0)
            {
                _points[half].Add(new FrontierPoint(cost[half] / count[half], quality[half] / count[half], candidate));
            }
        }

        _kept.Add(candidate, result);
    }

    /// <summary>A point that left a hull never comes back to it: hulls only grow.</summary>
    private void Prune()
    {
        var needed = new HashSet<int>();
        foreach (var points in _points.Where(p => p.Count > 0))
        {
            var hull = CostFrontier.Of(points.ToArray());
            points.Clear();
            points.AddRange(hull.Vertices);
            needed.UnionWith(hull.Vertices.Select(v => v.Policy));
        }

        foreach (var candidate in _kept.Keys.Where(k => !needed.Contains(k)).ToList())
        {
            _kept.Remove(candidate);
        }

        Frontier = CostFrontier.Of(_points[2].ToArray());
        Halves = [.. _points.Take(2).Where(p => p.Count > 0).Select(p => CostFrontier.Of(p.ToArray()))];
    }
}
