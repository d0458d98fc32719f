namespace Cascade.Planning.Fitting;

/// <summary>
/// Backward induction over a chain at one shadow price, one stage at a time from the last to the first, so that chains with a common end share
/// its work. Threshold of a stage: the prefix of rows in order of score whose summed gain V_{i+1} − u_i is greatest; that is where the isotonic
/// fit of the gain on the score, the slope of the prefix sums' concave majorant, falls to 0 (<see cref="Sweeps.ChainFit"/>).
/// </summary>
internal sealed class ChainInduction
{
    private readonly StagePool _pool;
    private readonly double[][] _quality;
    private readonly double[][] _costUsd;
    private readonly double[] _thresholds;

    public ChainInduction(StagePool pool, int mostStages)
    {
        _pool = pool;
        _quality = new double[mostStages][];
        _costUsd = new double[mostStages][];
        _thresholds = new double[mostStages];
        for (var i = 1; i < mostStages; i++)
        {
            (_quality[i], _costUsd[i]) = (new double[pool.RowCount], new double[pool.RowCount]);
        }
    }

    /// <summary>Starts a chain with its last model.</summary>
    public void End(int model) => (_quality[0], _costUsd[0]) = (_pool.Quality(model), _pool.CostUsd(model));

    /// <summary>Puts a model before a chain of so many stages and returns its threshold: −∞ when nothing that follows is worth its price.</summary>
    public double Prepend(int stages, int model, double price)
    {
        var groups = _pool.Groups(model);
        var (u, judged) = (_pool.Quality(model), _pool.JudgedCostUsd(model));
        var (quality, cost) = (_quality[stages - 1], _costUsd[stages - 1]);
        var escalated = Escalated(groups, u, quality, cost, price, JudgeCost(model));
        if (escalated == 0)
        {
            u.CopyTo(_quality[stages], 0);
            _pool.CostUsd(model).CopyTo(_costUsd[stages], 0);
        }
        else
        {
            u.CopyTo(_quality[stages], 0);
            judged.CopyTo(_costUsd[stages], 0);
            foreach (var row in groups.RowsOfLowest(escalated))
            {
                _quality[stages][row] = quality[row];
                _costUsd[stages][row] += cost[row];
            }
        }

        return _thresholds[stages] = groups.ThresholdOverLowest(escalated);
    }

    /// <summary>C of the chain of so many stages.</summary>
    public double CostUsd(int stages) => StagePool.Mean(_costUsd[stages - 1]);

    /// <summary>U of the chain of so many stages.</summary>
    public double Quality(int stages) => StagePool.Mean(_quality[stages - 1]);

    /// <summary>The thresholds of the chain of so many stages, first stage first.</summary>
    public double[] Thresholds(int stages)
    {
        var thresholds = _thresholds[1..stages];
        Array.Reverse(thresholds);
        return thresholds;
    }

    private static int Escalated(ScoreGroups groups, double[] u, double[] quality, double[] cost, double price, double judgeCost)
    {
        // Sums of different order differ in their last bits; a prefix that is better by less than that is not better.
        const double Rounding = 1e-13;
        var (sum, size, best, count) = (0.0, 0.0, price * judgeCost, 0);
        for (var g = 0; g < groups.Count; g++)
        {
            foreach (var row in groups.Rows(g))
            {
                var gain = quality[row] - (price * cost[row]) - u[row];
                sum += gain;
                size += Math.Abs(gain);
            }

            if (sum > best + (Rounding * size))
            {
                (best, count) = (sum, g + 1);
            }
        }

        return count;
    }

    private double JudgeCost(int model) => (StagePool.Mean(_pool.JudgedCostUsd(model)) - StagePool.Mean(_pool.CostUsd(model))) * _pool.RowCount;
}
