namespace Cascade.Planning.Copulas;

/// <summary>
/// Remembers what a stage's integral had at its nodes for the last few thresholds. A search moves one threshold at a time, so that most of what an
/// expectation needs was computed for the one before. Owned by one search; the results are the same with and without.
/// </summary>
internal sealed class NodeMemo(ChainLink link)
{
    private const int Slots = 8;

    private readonly double[] _starts = Empty();
    private readonly double[][] _powers = new double[Slots][];
    private readonly double[] _pairStarts = Empty();
    private readonly double[] _pairLevels = Empty();
    private readonly double[][] _cdfs = new double[Slots][];
    private int _next;
    private int _nextPair;

    /// <summary>
    /// C(u, F(x)) at the nodes x between a threshold and the largest confidence. Good until the call after the next: an integral needs two.
    /// </summary>
    /// <param name="u">u, above 0.</param>
    /// <param name="power">u as a power, see <see cref="GumbelCopula.Power"/>.</param>
    /// <param name="from">The threshold.</param>
    /// <returns>One value per node.</returns>
    public double[] Cdf(double u, double power, double from)
    {
        for (var s = 0; s < Slots; s++)
        {
            if (_pairStarts[s] == from && _pairLevels[s] == u)
            {
                _nextPair = s == _nextPair ? (s + 1) % Slots : _nextPair;
                return _cdfs[s];
            }
        }

        var powers = Powers(from);
        var cdf = _cdfs[_nextPair] ??= new double[powers.Length];
        (_pairStarts[_nextPair], _pairLevels[_nextPair], _nextPair) = (from, u, (_nextPair + 1) % Slots);
        for (var n = 0; n < cdf.Length; n++)
        {
            cdf[n] = link.Dependence.CdfOfPowers(power, powers[n]);
        }

        return cdf;
    }

    private double[] Powers(double from)
    {
        var known = Array.IndexOf(_starts, from);
        if (known >= 0)
        {
            return _powers[known];
        }

        var powers = _powers[_next] ??= new double[GaussLegendre.Nodes.Length];
        (_starts[_next], _next) = (from, (_next + 1) % Slots);
        for (var n = 0; n < powers.Length; n++)
        {
            powers[n] = link.Dependence.Power(link.Confidence.Cdf(from + (GaussLegendre.Nodes[n] * (link.Confidence.Max - from))));
        }

        return powers;
    }

    private static double[] Empty()
    {
        var values = new double[Slots];
        Array.Fill(values, double.NegativeInfinity);
        return values;
    }
}
