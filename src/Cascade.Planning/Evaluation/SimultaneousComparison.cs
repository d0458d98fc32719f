using System.Collections.Immutable;

namespace Cascade.Planning.Evaluation;

/// <summary>
/// One strategy against every other at every budget, with intervals that hold all at once: with the probability of the confidence level, none of
/// them misses its difference. This is what a statement about "the best of the others" needs, because the best is picked on the very rows that
/// measure it.
/// </summary>
/// <remarks>
/// Studentised bootstrap maximum (Efron and Tibshirani 1993, chapter 12; Romano and Wolf, Econometrica 73, 2005, section 4): each difference has its
/// bootstrap standard error; <see cref="Critical"/> is the quantile over resamples of the largest |resampled − observed| / standard error of all
/// differences; an interval is the difference ± <see cref="Critical"/> standard errors.
/// </remarks>
public sealed record SimultaneousComparison
{
    /// <summary>The strategy that is compared.</summary>
    public required string Strategy { get; init; }

    /// <summary>How many standard errors an interval reaches to either side; 0 when nothing differs.</summary>
    public required double Critical { get; init; }

    /// <summary>How many differences the maximum is over; those that are 0 on every row are not among them.</summary>
    public required int Differences { get; init; }

    /// <summary>The differences, by strategy in the order given and then by budget.</summary>
    public required ImmutableArray<SimultaneousDifference> All { get; init; }

    /// <summary>The differences in which the strategy is worse even so.</summary>
    public IEnumerable<SimultaneousDifference> Worse => All.Where(d => d.Interval.High < 0);

    internal static SimultaneousComparison Of(
        string strategy, IReadOnlyList<(string Other, double BudgetUsd, double[] Column)> columns, Bootstrap bootstrap, double level)
    {
        var means = bootstrap.Means([.. columns.Select(c => c.Column)]);
        var observed = columns.Select(c => c.Column.Average()).ToArray();
        var errors = means.Select(StandardError).ToArray();
        var varying = Enumerable.Range(0, columns.Count).Where(i => errors[i] > 1e-12).ToArray();
        var critical = varying.Length == 0 ? 0 : Quantile(Maxima(means, observed, errors, varying), level);
        return new SimultaneousComparison
        {
            Strategy = strategy,
            Critical = critical,
            Differences = varying.Length,
            All =
            [
                .. columns.Select((c, i) => new SimultaneousDifference(
                    c.Other, c.BudgetUsd, observed[i], new Interval(observed[i] - (critical * errors[i]), observed[i] + (critical * errors[i])))),
            ],
        };
    }

    private static double[] Maxima(double[][] means, double[] observed, double[] errors, int[] varying)
    {
        var maxima = new double[means[varying[0]].Length];
        foreach (var i in varying)
        {
            for (var r = 0; r < maxima.Length; r++)
            {
                maxima[r] = Math.Max(maxima[r], Math.Abs(means[i][r] - observed[i]) / errors[i]);
            }
        }

        return maxima;
    }

    private static double StandardError(double[] means)
    {
        var centre = means.Average();
        return Math.Sqrt(means.Sum(m => (m - centre) * (m - centre)) / (means.Length - 1));
    }

    /// <summary>The smallest value that at least the share of all do not exceed.</summary>
    private static double Quantile(double[] values, double share)
    {
        Array.Sort(values);
        return values[Math.Clamp((int)Math.Ceiling(share * values.Length) - 1, 0, values.Length - 1)];
    }
}

/// <summary>A difference at equal cost whose interval holds together with those of all others.</summary>
/// <param name="Other">The strategy that is compared with.</param>
/// <param name="BudgetUsd">The budget in dollars per request.</param>
/// <param name="Value">Mean of quality less λ times cost of the one, less that of the other; see <see cref="PairedDifference.Value"/>.</param>
/// <param name="Interval">Its simultaneous interval.</param>
public readonly record struct SimultaneousDifference(string Other, double BudgetUsd, double Value, Interval Interval);
