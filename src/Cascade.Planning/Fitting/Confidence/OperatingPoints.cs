using System.Collections.Immutable;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Collects operating points with what the fit expects of them, and keeps those worth offering: at every price the best few by U − λC. More than one
/// per price, as the rows that choose may rank them otherwise than the rows that were fitted on.
/// </summary>
internal sealed class OperatingPoints
{
    private readonly List<(Candidate Candidate, int Kind, double Cost, double Value)> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Adds an operating point.</summary>
    /// <param name="candidate">The operating point.</param>
    /// <param name="kind">What it is a variant of: at one price, only the best of a kind is taken.</param>
    /// <param name="costUsd">What it is expected to cost.</param>
    /// <param name="value">The quality that is expected of it, or whatever else is to be had for money.</param>
    public void Add(Candidate candidate, int kind, double costUsd, double value) => _entries.Add((candidate, kind, costUsd, value));

    /// <summary>Adds every model alone.</summary>
    public void AddDirect(FitContext context)
    {
        for (var m = 0; m < context.Models.Length; m++)
        {
            Add(new Candidate(ChainSpec.Direct(m), 0), -1 - m, context.Models[m].CostUsd, context.Models[m].Quality);
        }
    }

    public ImmutableArray<Candidate> Select(ReadOnlySpan<double> prices, int most)
    {
        if (_entries.Count <= most)
        {
            return [.. _entries.Select(e => e.Candidate)];
        }

        // The models alone are what every comparison starts from, whatever else is worth more to this strategy.
        var direct = Enumerable.Range(0, _entries.Count).Where(i => _entries[i].Kind < 0).ToArray();
        var chosen = new SortedSet<int>(direct.Length <= most / 2 ? direct : []);
        var (order, keys) = (new int[_entries.Count], new double[_entries.Count]);
        var kinds = new HashSet<int>();
        var depth = Math.Max(1, most / prices.Length);
        foreach (var price in prices)
        {
            for (var i = 0; i < order.Length; i++)
            {
                (order[i], keys[i]) = (i, (price * _entries[i].Cost) - _entries[i].Value);
            }

            Array.Sort(keys, order);
            kinds.Clear();
            for (var i = 0; i < order.Length && kinds.Count < depth && chosen.Count < most; i++)
            {
                if (kinds.Add(_entries[order[i]].Kind))
                {
                    chosen.Add(order[i]);
                }
            }
        }

        return [.. chosen.Select(i => _entries[i].Candidate)];
    }
}
