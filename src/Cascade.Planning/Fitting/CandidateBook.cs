using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Fitting;

/// <summary>
/// What the candidates of a strategy deliver on the rows to choose on: the hull over all rows, and for the cross-fitted comparison the hulls over all
/// rows but those of one part. Rows are kept for the vertices of these hulls only, as no other candidate can be needed again.
/// </summary>
internal sealed class CandidateBook
{
    /// <summary>Candidates between two prunings; bounds memory to the hulls and this many.</summary>
    private const int PruneEvery = 32;

    private readonly Dictionary<int, PolicyResult> _kept = [];
    private readonly RowParts _parts;

    /// <summary>By part the points over the other parts' rows, and last those over all rows.</summary>
    private readonly List<FrontierPoint>[] _points;

    private CandidateBook(RowParts parts)
    {
        _parts = parts;
        _points = [.. Enumerable.Range(0, parts.Count + 1).Select(_ => new List<FrontierPoint>())];
    }

    /// <summary>The hull over all rows; a vertex's policy is the candidate's index.</summary>
    public CostFrontier Frontier { get; private set; } = null!;

    /// <summary>By part, the hull over the rows of all other parts.</summary>
    public CostFrontier[] Without { get; private set; } = [];

    /// <summary>What a vertex of one of the hulls delivered, row by row.</summary>
    public PolicyResult this[int candidate] => _kept[candidate];

    /// <summary>Runs every candidate.</summary>
    /// <param name="fitted">The strategy.</param>
    /// <param name="models">The models.</param>
    /// <param name="evidenceOf">The evidence that a candidate reads on the rows to choose on.</param>
    /// <param name="parts">The part of each row.</param>
    /// <param name="cancellationToken">Cancels between candidates.</param>
    public static CandidateBook Of(
        FittedStrategy fitted, ImmutableArray<ModelProfile> models, Func<Candidate, Evidence> evidenceOf, RowParts parts, CancellationToken cancellationToken)
    {
        var book = new CandidateBook(parts);
        for (var c = 0; c < fitted.Candidates.Length; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var candidate = fitted.Candidates[c];
            book.Add(c, PolicyEvaluator.Run(candidate.Policy.Compile(models), evidenceOf(candidate), candidate.Price));
            if (c % PruneEvery == PruneEvery - 1)
            {
                book.Prune();
            }
        }

        book.Prune();
        return book;
    }

    private void Add(int candidate, PolicyResult result)
    {
        var (cost, quality) = (new double[_parts.Count], new double[_parts.Count]);
        for (var row = 0; row < _parts.Of.Length; row++)
        {
            cost[_parts.Of[row]] += result.CostUsd[row];
            quality[_parts.Of[row]] += result.Quality[row];
        }

        var rows = _parts.Of.Length;
        _points[^1].Add(new FrontierPoint(cost.Sum() / rows, quality.Sum() / rows, candidate));
        for (var part = 0; part < _parts.Count; part++)
        {
            var others = rows - _parts.Sizes[part];
            if (others > 0)
            {
                _points[part].Add(new FrontierPoint(cost.Where((_, p) => p != part).Sum() / others, quality.Where((_, p) => p != part).Sum() / others, candidate));
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

        Frontier = CostFrontier.Of(_points[^1].ToArray());
        Without = [.. _points.SkipLast(1).Select(p => p.Count == 0 ? Frontier : CostFrontier.Of(p.ToArray()))];
    }
}
