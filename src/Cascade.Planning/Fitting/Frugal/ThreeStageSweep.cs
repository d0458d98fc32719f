using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>Thresholds of a list of three models on the fit rows.</summary>
internal sealed class ThreeStageSweep(StagePool pool, int first, int second, int third)
{
    private readonly ScoreGroups _one = pool.Groups(first);
    private readonly ScoreGroups _two = pool.Groups(second);

    /// <summary>The policy of a point.</summary>
    public ChainSpec PolicyOf(ListPoint point) => point.First == 0
        ? ChainSpec.Direct(first)
        : new ChainSpec
        {
            Models = [first, second, third],
            Thresholds = [_one.ThresholdOverLowest(point.First), _two.ThresholdOverLowest(point.Second)],
        };

    /// <summary>The hull of a grid of quantiles at both stages.</summary>
    public ListPoint[] Coarse(int thresholds)
    {
        var (one, two) = (Cuts(_one, thresholds), Cuts(_two, thresholds));
        var (cellOne, cellTwo) = (Cells(_one, one), Cells(_two, two));
        var width = two.Length + 1;
        var (cost, quality) = (new double[(one.Length + 1) * width], new double[(one.Length + 1) * width]);
        for (var row = 0; row < pool.RowCount; row++)
        {
            var cell = (cellOne[row] * width) + cellTwo[row];
            cost[cell] += pool.CostUsd(third)[row];
            quality[cell] += pool.Quality(third)[row] - pool.Quality(second)[row];
        }

        var points = new List<FrontierPoint> { Start() };
        var (columnCost, columnQuality) = (new double[width], new double[width]);
        var (atOneCost, atOneQuality) = (Judged(first), Sum(pool.Quality(first)));
        for (var i = 0; i < one.Length; i++)
        {
            foreach (var row in RowsBetween(_one, i == 0 ? 0 : one[i - 1], one[i]))
            {
                atOneCost += SecondCost(row);
                atOneQuality += pool.Quality(second)[row] - pool.Quality(first)[row];
            }

            var (c, u) = (atOneCost, atOneQuality);
            for (var j = 0; j < two.Length; j++)
            {
                columnCost[j] += cost[(i * width) + j];
                columnQuality[j] += quality[(i * width) + j];
                (c, u) = (c + columnCost[j], u + columnQuality[j]);
                points.Add(Point(c, u, i, two[j]));
            }
        }

        return Hull(points, one);
    }

    /// <summary>The hull of quantiles at the first stage with every threshold of the second.</summary>
    public ListPoint[] Exact(int thresholds)
    {
        var cuts = Cuts(_one, thresholds);
        var goesOn = new bool[pool.RowCount];
        var (cost, quality) = (Judged(first), Sum(pool.Quality(first)));
        var found = new List<FrontierPoint> { Start() };
        var points = new List<FrontierPoint>();
        for (var i = 0; i < cuts.Length; i++)
        {
            foreach (var row in RowsBetween(_one, i == 0 ? 0 : cuts[i - 1], cuts[i]))
            {
                goesOn[row] = true;
                cost += SecondCost(row);
                quality += pool.Quality(second)[row] - pool.Quality(first)[row];
            }

            SweepSecond(goesOn, i, (cost, quality), points);
            found.AddRange(CostFrontier.Of([.. points]).Vertices);
            points.Clear();
        }

        return Hull(found, cuts);
    }

    private void SweepSecond(bool[] goesOn, int cut, (double Cost, double Quality) start, List<FrontierPoint> points)
    {
        var ((cost, quality), highest) = (start, double.NegativeInfinity);
        for (var g = 0; g < _two.Count; g++)
        {
            foreach (var row in _two.Rows(g))
            {
                if (goesOn[row])
                {
                    cost += pool.CostUsd(third)[row];
                    quality += pool.Quality(third)[row] - pool.Quality(second)[row];
                }
            }

            // Cost never falls along the sweep: a point that is no better than one before it is on no hull.
            if (quality > highest)
            {
                highest = quality;
                points.Add(Point(cost, quality, cut, g + 1));
            }
        }
    }

    private static int[] Cuts(ScoreGroups groups, int most)
    {
        if (groups.Count <= most)
        {
            return [.. Enumerable.Range(1, groups.Count)];
        }

        var cuts = new List<int>(most);
        var (rows, total) = (0L, groups.RowsOfLowest(groups.Count).Length);
        for (var g = 0; g < groups.Count; g++)
        {
            rows += groups.Rows(g).Length;
            if (rows * most >= (cuts.Count + 1L) * total)
            {
                cuts.Add(g + 1);
            }
        }

        return [.. cuts];
    }

    private static int[] Cells(ScoreGroups groups, int[] cuts)
    {
        var cells = new int[groups.RowsOfLowest(groups.Count).Length];
        for (var i = 0; i < cuts.Length; i++)
        {
            foreach (var row in RowsBetween(groups, i == 0 ? 0 : cuts[i - 1], cuts[i]))
            {
                cells[row] = i;
            }
        }

        return cells;
    }

    private static ReadOnlySpan<int> RowsBetween(ScoreGroups groups, int from, int to) =>
        groups.RowsOfLowest(to)[groups.RowsOfLowest(from).Length..];

    private static double Sum(double[] column) => StagePool.Mean(column) * column.Length;

    private double Judged(int model) => Sum(pool.JudgedCostUsd(model));

    private double SecondCost(int row) => pool.JudgedCostUsd(second)[row];

    // Number 0 is the first model alone; the cuts are few, so that their product with all groups stays within an int.
    private FrontierPoint Start() => new(StagePool.Mean(pool.CostUsd(first)), StagePool.Mean(pool.Quality(first)), 0);

    private FrontierPoint Point(double cost, double quality, int cut, int two) =>
        new(cost / pool.RowCount, quality / pool.RowCount, (cut * (_two.Count + 1)) + two);

    private ListPoint[] Hull(List<FrontierPoint> points, int[] cuts) =>
        [.. CostFrontier.Of([.. points]).Vertices.Select(v => v.Policy == 0
            ? new ListPoint(v, 0, 0)
            : new ListPoint(v, cuts[v.Policy / (_two.Count + 1)], v.Policy % (_two.Count + 1)))];
}

/// <summary>A point of a list.</summary>
/// <param name="Point">What it costs and delivers.</param>
/// <param name="First">How many of the first stage's lowest score groups go on; 0 for the first model alone.</param>
/// <param name="Second">How many of the second stage's go on.</param>
internal readonly record struct ListPoint(FrontierPoint Point, int First, int Second);
