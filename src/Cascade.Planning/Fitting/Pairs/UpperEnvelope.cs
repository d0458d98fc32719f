using System.Collections.Immutable;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Walks along cost and notes where another curve becomes the highest. Curves are broken lines that start at their cheapest point and stay level
/// after their dearest.
/// </summary>
internal static class UpperEnvelope
{
    private const double Tolerance = 1e-12;

    public static ImmutableArray<SwitchingPoint> Of(ImmutableArray<(ModelPair Pair, ImmutableArray<FrontierPoint> Points)> curves)
    {
        if (curves.IsEmpty)
        {
            return [];
        }

        var stops = curves.SelectMany(c => c.Points.Select(p => p.CostUsd)).Distinct().Order().ToArray();
        var walk = new Walk(curves);
        var switches = ImmutableArray.CreateBuilder<SwitchingPoint>();
        for (var i = 0; i < stops.Length; i++)
        {
            walk.MoveTo(stops[i]);
            walk.TakeHighest(switches);
            while (i + 1 < stops.Length && walk.NextCrossing(stops[i + 1]) is { } crossing)
            {
                walk.MoveTo(crossing);
                walk.TakeHighest(switches);
            }
        }

        return switches.ToImmutable();
    }

    private sealed class Walk(ImmutableArray<(ModelPair Pair, ImmutableArray<FrontierPoint> Points)> curves)
    {
        private readonly int[] _segments = Enumerable.Repeat(-1, curves.Length).ToArray();
        private double _cost;
        private int _best = -1;

        public void MoveTo(double cost)
        {
            _cost = cost;
            for (var i = 0; i < curves.Length; i++)
            {
                var points = curves[i].Points;
                while (_segments[i] + 1 < points.Length && points[_segments[i] + 1].CostUsd <= cost)
                {
                    _segments[i]++;
                }
            }
        }

        /// <summary>Among curves of equal height the steeper is higher from here on; among all equal ones the one that was highest stays.</summary>
        public void TakeHighest(ImmutableArray<SwitchingPoint>.Builder switches)
        {
            var best = _best;
            for (var i = 0; i < curves.Length; i++)
            {
                if (_segments[i] >= 0 && i != best && (best < 0 || IsHigher(i, best)))
                {
                    best = i;
                }
            }

            if (_best >= 0 && best != _best)
            {
                switches.Add(new SwitchingPoint(_cost, Value(best), curves[_best].Pair, curves[best].Pair));
            }

            _best = best;
        }

        public double? NextCrossing(double end)
        {
            var (value, slope) = (Value(_best), Slope(_best));
            double? next = null;
            for (var i = 0; i < curves.Length; i++)
            {
                if (_segments[i] < 0 || i == _best || !(Slope(i) > slope) || Value(i) > value)
                {
                    continue;
                }

                var at = _cost + ((value - Value(i)) / (Slope(i) - slope));
                if (at > _cost && at < Math.Min(end, next ?? end))
                {
                    next = at;
                }
            }

            return next;
        }

        private bool IsHigher(int a, int b)
        {
            var difference = Value(a) - Value(b);
            return Math.Abs(difference) > Tolerance ? difference > 0 : Slope(a) > Slope(b) * (1 + Tolerance);
        }

        private double Value(int i)
        {
            var start = curves[i].Points[_segments[i]];
            return start.Quality + ((_cost - start.CostUsd) * Slope(i));
        }

        private double Slope(int i)
        {
            var (points, j) = (curves[i].Points, _segments[i]);
            return j + 1 == points.Length ? 0 : (points[j + 1].Quality - points[j].Quality) / (points[j + 1].CostUsd - points[j].CostUsd);
        }
    }
}
