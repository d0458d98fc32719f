using System.Numerics;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Finds the set of models M ⊇ R that maximises E[max_{i∈M} q_i] − λ·Σ_{i∈M∖R} ĉ_i, or the best prefix of a chain. Values are rounded to 8 digits;
/// of equal sets the cheaper one wins, then the smaller one, then the one of earlier models. Owned by a thread and reused from decision to decision.
/// </summary>
/// <remarks>
/// All sets are compared on the same sample points. Over a fixed sample E[max] is exactly submodular: what a model adds to M it adds at most to any
/// superset of M. So a model that does not pay at M is left out of everything below M, and a branch ends where its value with all remaining gains
/// added up stays below the best set found. What a model adds to one other is at most half of δ + √(δ² + s²), with the mean δ and variance s² of
/// their difference, as E|d| ≤ √E[d²]; the points have exactly these moments, so that most sets are ruled out before they are sampled. None of it
/// changes the result. Two models in all need no sample: Clark's form is exact. It is not
/// mixed with sampled values, because the sampling error that common points cancel would come back.
/// </remarks>
internal sealed class SupersetWalk
{
    private const int Digits = 8;
    private const double Quantum = 1e-8;

    /// <summary>A gain below it makes a set worse in the digits that count, whatever was lost by rounding.</summary>
    private const double Loss = -2 * Quantum;

    [ThreadStatic]
    private static SupersetWalk? _mine;

    private readonly double[] _penalty = new double[QuasiNormalPoints.MaxDimensions];
    private readonly int[] _candidates = new int[(QuasiNormalPoints.MaxDimensions + 1) * QuasiNormalPoints.MaxDimensions];
    private readonly double[] _gains = new double[(QuasiNormalPoints.MaxDimensions + 1) * QuasiNormalPoints.MaxDimensions];
    private readonly double[] _means = new double[(QuasiNormalPoints.MaxDimensions + 1) * QuasiNormalPoints.MaxDimensions];
    private double[] _x = [];
    private double[] _running = [];
    private Belief _belief = null!;
    private int _points;
    private int _placed;
    private int _room;
    private int _best;
    private double _bestValue;

    private SupersetWalk()
    {
    }

    /// <summary>The walk of this thread.</summary>
    public static SupersetWalk Mine => _mine ??= new SupersetWalk();

    /// <summary>The best superset of the models that answered.</summary>
    /// <param name="belief">The request.</param>
    /// <param name="price">λ, at least 0.</param>
    /// <param name="most">Most models that may answer in all.</param>
    /// <param name="ahead">Most models to look ahead, at least 1.</param>
    /// <param name="points">Sample points.</param>
    /// <returns>The set, bit by bit; the models that answered when nothing is to be added, which may be no model.</returns>
    public int BestSuperset(Belief belief, double price, int most, int ahead, int points)
    {
        Begin(belief, price, points);
        _room = Math.Min(Math.Min(most - BitOperations.PopCount((uint)belief.Answered), ahead), BitOperations.PopCount((uint)belief.Open));
        if (_room <= 0)
        {
            return belief.Answered;
        }

        if (BitOperations.PopCount((uint)(belief.Answered | belief.Open)) <= 2)
        {
            ConsiderPair(alone: true);
            return _best;
        }

        var open = Open();
        if (belief.Answered == 0)
        {
            FromNothing(open);
            return _best;
        }

        if (open == 0)
        {
            return belief.Answered;
        }

        var mean = StartFromAnswers();
        Consider(belief.Answered, mean);
        Expand(0, belief.Answered, mean, mean, open);
        return _best;
    }

    /// <summary>The best prefix of the chain that the pool's order is; models that failed are stepped over.</summary>
    /// <inheritdoc cref="BestSuperset" />
    public int BestPrefix(Belief belief, double price, int points)
    {
        Begin(belief, price, points);
        if (belief.Open == 0)
        {
            return belief.Answered;
        }

        if (BitOperations.PopCount((uint)(belief.Answered | belief.Open)) <= 2)
        {
            ConsiderPair(alone: false);
            return _best;
        }

        var (set, paid) = (belief.Answered, 0.0);
        if (set != 0)
        {
            if (Open() == 0)
            {
                return set;
            }

            Consider(set, StartFromAnswers());
        }
        else
        {
            Running(0).Fill(double.NegativeInfinity);
        }

        var left = MostGainOfAll();
        for (var i = 0; i < belief.Count; i++)
        {
            if ((belief.Open >> i & 1) != 0)
            {
                SamplePoints.Raise(Running(0), X(i));
                (set, paid) = (set | (1 << i), paid + _penalty[i]);
                var value = SamplePoints.MeanOfMax(Running(0), Running(0)) - paid;
                Consider(set, value);
                left -= Math.Max(0, MostGain(belief.Answered, i));
                if (value + left < _bestValue - Quantum)
                {
                    break;
                }
            }
        }

        return _best;
    }

    private void Begin(Belief belief, double price, int points)
    {
        (_belief, _points, _placed, _best, _bestValue) = (belief, points, 0, 0, double.NegativeInfinity);
        for (var i = 0; i < belief.Count; i++)
        {
            // An infinite price of nothing is nothing.
            _penalty[i] = belief.CostUsd[i] > 0 ? price * belief.CostUsd[i] : 0;
        }

        var wanted = (QuasiNormalPoints.MaxDimensions + 1) * points;
        if (_x.Length < wanted)
        {
            (_x, _running) = (new double[wanted], new double[wanted]);
        }
    }

    /// <summary>Lists the models at level 0 that can be called and may pay after the answers there are.</summary>
    private int Open()
    {
        var count = 0;
        for (var i = 0; i < _belief.Count; i++)
        {
            if ((_belief.Open >> i & 1) != 0 && MostGain(_belief.Answered, i) >= Loss)
            {
                _candidates[count++] = i;
            }
        }

        return count;
    }

    private double MostGainOfAll()
    {
        var sum = 0.0;
        for (var i = 0; i < _belief.Count; i++)
        {
            sum += (_belief.Open >> i & 1) != 0 ? Math.Max(0, MostGain(_belief.Answered, i)) : 0;
        }

        return sum;
    }

    /// <summary>The most that a model can add to a set; infinity when the set is empty.</summary>
    private double MostGain(int set, int model)
    {
        var most = double.PositiveInfinity;
        for (var i = 0; set >> i != 0; i++)
        {
            most = (set >> i & 1) != 0 ? Math.Min(most, MostGainOver(i, model)) : most;
        }

        return most;
    }

    private double MostGainOver(int one, int model)
    {
        var difference = _belief.Mean[model] - _belief.Mean[one];
        return (0.5 * (difference + Math.Sqrt((difference * difference) + _belief.Evidence.Spread[(one * _belief.Count) + model]))) - _penalty[model];
    }

    private double StartFromAnswers()
    {
        var running = Running(0);
        running.Fill(double.NegativeInfinity);
        for (var i = 0; i < _belief.Count; i++)
        {
            if ((_belief.Answered >> i & 1) != 0)
            {
                SamplePoints.Raise(running, X(i));
            }
        }

        return SamplePoints.MeanOfMax(running, running);
    }

    /// <summary>Without an answer every model may come first, and there is nothing yet for a gain to be measured against.</summary>
    private void FromNothing(int count)
    {
        var kept = 0;
        for (var c = 0; c < count; c++)
        {
            var model = _candidates[c];
            var value = _belief.Mean[model] - _penalty[model];
            Consider(1 << model, value);
            Keep(0, kept++, model, value, _belief.Mean[model]);
        }

        for (var c = 0; c + 1 < kept && _room > 1; c++)
        {
            var first = _candidates[c];
            var (passed, more) = PassOn(0, c, kept, isGain: false);
            if (!(_gains[c] + more < _bestValue - Quantum))
            {
                X(first).CopyTo(Running(1));
                Expand(1, 1 << first, _means[c], _gains[c], passed);
            }
        }
    }

    private void Expand(int depth, int set, double mean, double value, int count)
    {
        var level = depth * QuasiNormalPoints.MaxDimensions;
        var running = Running(depth);
        var (kept, reach) = (0, value);
        for (var c = 0; c < count; c++)
        {
            var model = _candidates[level + c];
            var with = SamplePoints.MeanOfMax(running, X(model));
            var gain = with - mean - _penalty[model];
            Consider(set | (1 << model), value + gain);
            if (gain > 0)
            {
                Keep(level, kept++, model, gain, with);
                reach += gain;
            }
        }

        for (var c = 0; c + 1 < kept && depth + 1 < _room && !(reach < _bestValue - Quantum); c++)
        {
            var (model, gain) = (_candidates[level + c], _gains[level + c]);
            var (passed, more) = PassOn(level, c, kept, isGain: true);
            if (!(value + gain + more < _bestValue - Quantum))
            {
                SamplePoints.Max(running, X(model), Running(depth + 1));
                Expand(depth + 1, set | (1 << model), _means[level + c], value + gain, passed);
            }

            reach -= gain;
        }
    }

    /// <summary>Keeps a level's candidates in order of falling gain: the best set is found early, and the branches left for last reach least.</summary>
    private void Keep(int level, int kept, int model, double gain, double mean)
    {
        var at = level + kept;
        for (; at > level && _gains[at - 1] < gain; at--)
        {
            (_candidates[at], _gains[at], _means[at]) = (_candidates[at - 1], _gains[at - 1], _means[at - 1]);
        }

        (_candidates[at], _gains[at], _means[at]) = (model, gain, mean);
    }

    /// <summary>
    /// Lists at the next level the candidates after one that is added, as far as they may pay beside it; with the most that they can add in all.
    /// What is kept of them is a gain at every level but the first without an answer.
    /// </summary>
    private (int Count, double Most) PassOn(int level, int added, int kept, bool isGain)
    {
        var next = level + QuasiNormalPoints.MaxDimensions;
        var (count, sum) = (0, 0.0);
        for (var c = level + added + 1; c < level + kept; c++)
        {
            var most = MostGainOver(_candidates[level + added], _candidates[c]);
            if (most >= Loss)
            {
                _candidates[next + count++] = _candidates[c];
                sum += Math.Max(0, isGain ? Math.Min(_gains[c], most) : most);
            }
        }

        return (count, sum);
    }

    /// <summary>Every set there is of at most two models, by Clark's form; a chain has no second model alone.</summary>
    private void ConsiderPair(bool alone)
    {
        var all = _belief.Answered | _belief.Open;
        var first = BitOperations.TrailingZeroCount(all);
        var second = BitOperations.Log2((uint)all);
        for (var set = 1; set <= 3; set++)
        {
            var models = ((set & 1) != 0 ? 1 << first : 0) | ((set & 2) != 0 ? 1 << second : 0);
            var isSecondAlone = set == 2 && second != first;
            var adds = BitOperations.PopCount((uint)(models & ~_belief.Answered));
            if ((models & _belief.Answered) != _belief.Answered || (isSecondAlone && !alone && _belief.Answered == 0) || (alone && adds > _room))
            {
                continue;
            }

            var isPair = set == 3 && second != first;
            var quality = isPair ? PairMean(first, second) : _belief.Mean[set == 2 ? second : first];
            Consider(models, quality - Penalty(models & ~_belief.Answered));
        }
    }

    private double PairMean(int i, int j)
    {
        var k = _belief.Count;
        var one = _belief.Evidence.Factor.AsSpan(i * k, k);
        var two = _belief.Evidence.Factor.AsSpan(j * k, k);
        var (v1, v2, both) = (0.0, 0.0, 0.0);
        for (var d = 0; d < k; d++)
        {
            (v1, v2, both) = (v1 + (one[d] * one[d]), v2 + (two[d] * two[d]), both + (one[d] * two[d]));
        }

        return NormalMaximum.OfTwo(_belief.Mean[i], _belief.Mean[j], v1, v2, both).Mean;
    }

    private void Consider(int set, double value)
    {
        if (_best != 0 && value < _bestValue - Quantum)
        {
            return;
        }

        var rounded = Math.Round(value, Digits);
        if (_best != 0 && !(rounded > _bestValue) && !(rounded == _bestValue && IsBetterOfEqual(set)))
        {
            return;
        }

        (_best, _bestValue) = (set, rounded);
    }

    private bool IsBetterOfEqual(int set)
    {
        var (cost, bestCost) = (Cost(set), Cost(_best));
        if (cost != bestCost)
        {
            return cost < bestCost;
        }

        var (size, bestSize) = (BitOperations.PopCount((uint)set), BitOperations.PopCount((uint)_best));
        return size != bestSize ? size < bestSize : set < _best;
    }

    /// <summary>In the pool's order whatever way a set was reached, so that equal sets cost exactly the same.</summary>
    private double Cost(int set)
    {
        var sum = 0.0;
        for (var i = 0; i < _belief.Count; i++)
        {
            sum += (set >> i & 1) != 0 ? _belief.CostUsd[i] : 0;
        }

        return sum;
    }

    private double Penalty(int set)
    {
        var sum = 0.0;
        for (var i = 0; i < _belief.Count; i++)
        {
            sum += (set >> i & 1) != 0 ? _penalty[i] : 0;
        }

        return sum;
    }

    /// <summary>The sample of a model, drawn when it is first looked at.</summary>
    private Span<double> X(int model)
    {
        var x = _x.AsSpan(model * _points, _points);
        if ((_placed >> model & 1) == 0)
        {
            _placed |= 1 << model;
            SamplePoints.Place(
                _belief.Mean[model], _belief.Evidence.Factor.AsSpan(model * _belief.Count, model + 1), QuasiNormalPoints.Of(_points), x);
        }

        return x;
    }

    private Span<double> Running(int depth) => _running.AsSpan(depth * _points, _points);
}
