using Cascade.Planning.Calibration;

namespace Cascade.Planning.Copulas;

/// <summary>
/// Expectation maximisation for a mixture of beta distributions. The M-step climbs the concave likelihood of each component by Newton steps that are
/// halved until they do not lose, within <see cref="MinShape"/> to <see cref="MaxShape"/>: the likelihood never falls, and no component collapses
/// onto a single value.
/// </summary>
internal sealed class BetaMixtureFit
{
    public const double MinShape = 0.1;
    public const double MaxShape = 200;
    private const int MaxIterations = 100;
    private const int MaxNewtonSteps = 20;
    private const double Edge = 1e-9;

    /// <summary>The mean gain in log-likelihood per row at which the climb ends.</summary>
    private const double Enough = 1e-7;

    private readonly double[] _logs;
    private readonly double[] _otherLogs;
    private readonly double[][] _shares;

    private BetaMixtureFit(ReadOnlySpan<double> values, int components)
    {
        (_logs, _otherLogs) = (new double[values.Length], new double[values.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            var x = Math.Clamp(values[i], Edge, 1 - Edge);
            (_logs[i], _otherLogs[i]) = (Math.Log(x), Math.Log(1 - x));
        }

        Components = new BetaComponent[components];
        var rows = values.Length;
        _shares = Array.ConvertAll(Components, _ => new double[rows]);
        Start(values);
    }

    public BetaComponent[] Components { get; }

    /// <summary>The log-likelihood before every iteration and after the last.</summary>
    public List<double> LogLikelihoods { get; } = [];

    public static BetaMixtureFit Fit(ReadOnlySpan<double> values, int components)
    {
        var fit = new BetaMixtureFit(values, components);
        fit.LogLikelihoods.Add(fit.Expect());
        for (var iteration = 0; iteration < MaxIterations; iteration++)
        {
            fit.Maximise();
            fit.LogLikelihoods.Add(fit.Expect());
            if (fit.LogLikelihoods[^1] - fit.LogLikelihoods[^2] < Enough * values.Length)
            {
                break;
            }
        }

        return fit;
    }

    /// <summary>The number of components with the best Bayesian information criterion; each component but the first takes three parameters.</summary>
    public static BetaMixtureFit FitBest(ReadOnlySpan<double> values, int maxComponents)
    {
        var best = Fit(values, 1);
        var bestCriterion = Criterion(best, values.Length);
        for (var k = 2; k <= maxComponents && values.Length >= 10 * k; k++)
        {
            var fit = Fit(values, k);
            var criterion = Criterion(fit, values.Length);
            if (!(criterion < bestCriterion))
            {
                break;
            }

            (best, bestCriterion) = (fit, criterion);
        }

        return best;
    }

    private static double Criterion(BetaMixtureFit fit, int rows) =>
        (((3.0 * fit.Components.Length) - 1) * Math.Log(rows)) - (2 * fit.LogLikelihoods[^1]);

    /// <summary>Parts the sorted values into equal shares and matches each share's mean and variance, widened: a share of a whole is narrower than it.</summary>
    private void Start(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        var k = Components.Length;
        for (var j = 0; j < k; j++)
        {
            var part = sorted.AsSpan((int)((long)j * sorted.Length / k)..(int)((j + 1L) * sorted.Length / k));
            var (mean, variance) = (0.0, 0.0);
            foreach (var x in part)
            {
                mean += x / part.Length;
            }

            foreach (var x in part)
            {
                variance += (x - mean) * (x - mean) / part.Length;
            }

            mean = Math.Clamp(mean, 0.01, 0.99);
            var strength = Math.Clamp((mean * (1 - mean) / Math.Max(2 * variance, 1e-6)) - 1, 1, 100);
            Components[j] = new BetaComponent(1.0 / k, Bounded(mean * strength), Bounded((1 - mean) * strength));
        }
    }

    private double Expect()
    {
        var total = 0.0;
        var norms = Array.ConvertAll(Components, c => c.Weight > 0 ? Math.Log(c.Weight) + c.LogNorm : double.NegativeInfinity);
        for (var i = 0; i < _logs.Length; i++)
        {
            var highest = double.NegativeInfinity;
            for (var j = 0; j < norms.Length; j++)
            {
                var log = norms[j] + ((Components[j].A - 1) * _logs[i]) + ((Components[j].B - 1) * _otherLogs[i]);
                _shares[j][i] = log;
                highest = Math.Max(highest, log);
            }

            var sum = 0.0;
            foreach (var share in _shares)
            {
                share[i] = Math.Exp(share[i] - highest);
                sum += share[i];
            }

            foreach (var share in _shares)
            {
                share[i] /= sum;
            }

            total += highest + Math.Log(sum);
        }

        return total;
    }

    private void Maximise()
    {
        for (var j = 0; j < Components.Length; j++)
        {
            var (weight, logs, otherLogs) = (0.0, 0.0, 0.0);
            for (var i = 0; i < _logs.Length; i++)
            {
                var share = _shares[j][i];
                weight += share;
                logs += share * _logs[i];
                otherLogs += share * _otherLogs[i];
            }

            // A component that no row belongs to keeps its shape; its weight of 0 takes it out.
            Components[j] = weight > 1e-12
                ? Climb(Components[j] with { Weight = weight / _logs.Length }, logs / weight, otherLogs / weight)
                : Components[j] with { Weight = 0 };
        }
    }

    private static BetaComponent Climb(BetaComponent start, double meanLog, double meanOtherLog)
    {
        var here = start;
        var value = Likelihood(here, meanLog, meanOtherLog);
        for (var step = 0; step < MaxNewtonSteps; step++)
        {
            var (a, b) = NewtonStep(here, meanLog, meanOtherLog);
            var share = 1.0;
            var next = here;
            var nextValue = double.NegativeInfinity;
            for (; share > 1e-6; share /= 2)
            {
                next = here with { A = Bounded(here.A + (share * a)), B = Bounded(here.B + (share * b)) };
                nextValue = Likelihood(next, meanLog, meanOtherLog);
                if (nextValue >= value)
                {
                    break;
                }
            }

            if (!(nextValue > value + 1e-12))
            {
                return nextValue >= value ? next : here;
            }

            (here, value) = (next, nextValue);
        }

        return here;
    }

    private static (double A, double B) NewtonStep(BetaComponent c, double meanLog, double meanOtherLog)
    {
        var both = SpecialFunctions.Digamma(c.A + c.B);
        var gradientA = both - SpecialFunctions.Digamma(c.A) + meanLog;
        var gradientB = both - SpecialFunctions.Digamma(c.B) + meanOtherLog;
        var cross = -SpecialFunctions.Trigamma(c.A + c.B);
        var curveA = SpecialFunctions.Trigamma(c.A) + cross;
        var curveB = SpecialFunctions.Trigamma(c.B) + cross;

        // A shape at its bound that the gradient pushes further stays; the other one then moves alone.
        if (IsHeld(c.A, gradientA))
        {
            return (0, gradientB / curveB);
        }

        if (IsHeld(c.B, gradientB))
        {
            return (gradientA / curveA, 0);
        }

        var determinant = (curveA * curveB) - (cross * cross);
        return (((curveB * gradientA) - (cross * gradientB)) / determinant, ((curveA * gradientB) - (cross * gradientA)) / determinant);
    }

    private static bool IsHeld(double shape, double gradient) => (shape <= MinShape && gradient < 0) || (shape >= MaxShape && gradient > 0);

    private static double Likelihood(BetaComponent c, double meanLog, double meanOtherLog) =>
        c.LogNorm + ((c.A - 1) * meanLog) + ((c.B - 1) * meanOtherLog);

    private static double Bounded(double shape) => Math.Clamp(shape, MinShape, MaxShape);
}
