using System.Collections.Immutable;
using Cascade.Planning.Estimation;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Fits an <see cref="EvidenceModel"/>. Qualities are regressed on out-of-fold estimates, which shrinks estimates that do not hold what they promise;
/// scores are regressed on the same estimates and standardised; what is left of both gives the covariances. Those between models are drawn to 0 by
/// the share of their size that sampling alone would give them (Schäfer and Strimmer, Stat. Appl. Genet. Mol. Biol. 4, 2005), those of a model's
/// own score stay. A score counts as 0 where there is none, so that a score that is often missing promises as much less.
/// </summary>
internal static class EvidenceFit
{
    private const int FewestScores = 20;
    private const double SignificantErrors = 3;
    private const double Ridge = 1e-3;
    private const double LargestScore = 5;
    private const double LargestSlope = 1.5;

    /// <summary>Fits.</summary>
    /// <param name="table">Rows to fit on; every model of the pool has an outcome on every row.</param>
    /// <param name="scores">The scores on these rows, where steps or bins make them by calibrators that did not see the row.</param>
    /// <param name="priors">Out-of-fold estimates on these rows; null when nothing estimates before a model runs.</param>
    /// <param name="pool">The models.</param>
    public static EvidenceModel Of(OutcomeTable table, ScoreMatrix scores, PriorMatrix? priors, int[] pool)
    {
        var (k, n) = (pool.Length, table.RowCount);
        var (qualityLines, scoreLines, scale) = (new Line[k], new Line[k], new double[k]);
        var (residuals, standardised) = (new double[k][], new double[k][]);
        for (var i = 0; i < k; i++)
        {
            var prior = PriorOf(priors, pool[i], n);
            var quality = table.Quality(pool[i]);
            qualityLines[i] = Line.Through(prior, quality, 0, LargestSlope);
            residuals[i] = qualityLines[i].Residuals(prior, quality);
            (scoreLines[i], scale[i], standardised[i]) = Standardise(prior, scores.Column(pool[i]));
        }

        var (cross, among) = Covariances(residuals, standardised, scale);
        return new EvidenceModel
        {
            PriorIntercept = [.. qualityLines.Select(l => l.Intercept)],
            PriorSlope = [.. qualityLines.Select(l => l.Slope)],
            ScoreIntercept = [.. scoreLines.Select(l => l.Intercept)],
            ScorePriorSlope = [.. scoreLines.Select(l => l.Slope)],
            ScoreScale = [.. scale],
            QualityScoreCovariance = ImmutableArray.Create(cross),
            ScoreCovariance = ImmutableArray.Create(among),
            ScoreCostUsd = [.. pool.Select((m, i) => scale[i] > 0 ? Mean(table.JudgeCostUsd(m)) : 0)],
        };
    }

    private static double[] PriorOf(PriorMatrix? priors, int model, int rows)
    {
        var column = new double[rows];
        for (var row = 0; row < rows && priors is not null; row++)
        {
            column[row] = Math.Clamp(priors.Quality(row)[model], 0, 1);
        }

        return column;
    }

    private static (Line Line, double Scale, double[] Standardised) Standardise(double[] prior, ReadOnlySpan<double> scores)
    {
        var (finite, at) = (new List<double>(), new List<double>());
        for (var row = 0; row < scores.Length; row++)
        {
            if (double.IsFinite(scores[row]))
            {
                finite.Add(scores[row]);
                at.Add(prior[row]);
            }
        }

        var standardised = new double[scores.Length];
        if (finite.Count < FewestScores)
        {
            return (default, 0, standardised);
        }

        // Priors run from 0 to 1, so that this limit lets a score move over one and a half times its range and no further, on whatever scale it is.
        var steepest = LargestSlope * (finite.Max() - finite.Min());
        var line = Line.Through([.. at], [.. finite], -steepest, steepest);
        var square = line.Residuals([.. at], [.. finite]).Sum(r => r * r) / finite.Count;
        var scale = double.IsFinite(square) && square > 1e-18 ? Math.Sqrt(square) : 0;
        for (var row = 0; row < scores.Length && scale > 0; row++)
        {
            standardised[row] = double.IsNaN(scores[row]) ? 0 : Math.Clamp((scores[row] - line.At(prior[row])) / scale, -LargestScore, LargestScore);
        }

        return (line, scale, standardised);
    }

    /// <summary>Scores that say nothing significant of any model are dropped: their scale becomes 0, and nobody pays for them.</summary>
    private static (double[] Cross, double[] Among) Covariances(double[][] residuals, double[][] standardised, double[] scale)
    {
        var k = residuals.Length;
        var (cross, among) = (new double[k * k], new double[k * k]);
        var (noise, size) = (0.0, 0.0);
        var speaks = new bool[k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                (cross[(i * k) + j], var error) = Product(residuals[i], standardised[j]);
                (among[(i * k) + j], var amongError) = Product(standardised[i], standardised[j]);
                speaks[j] |= cross[(i * k) + j] * cross[(i * k) + j] > SignificantErrors * SignificantErrors * error;
                noise += i == j ? 0 : error + amongError;
                size += i == j ? 0 : (cross[(i * k) + j] * cross[(i * k) + j]) + (among[(i * k) + j] * among[(i * k) + j]);
            }
        }

        var kept = size > 0 ? 1 - Math.Clamp(noise / size, 0, 1) : 0;
        for (var i = 0; i < k; i++)
        {
            scale[i] = speaks[i] ? scale[i] : 0;
            for (var j = 0; j < k; j++)
            {
                var share = i == j ? 1 : kept;
                cross[(i * k) + j] *= speaks[j] ? share : 0;
                among[(i * k) + j] = (speaks[i] && speaks[j] ? among[(i * k) + j] * share : 0) + (i == j && speaks[i] ? Ridge : 0);
            }
        }

        return (cross, among);
    }

    /// <summary>The mean product and the variance of that mean.</summary>
    private static (double Mean, double Error) Product(double[] a, double[] b)
    {
        var (sum, square) = (0.0, 0.0);
        for (var row = 0; row < a.Length; row++)
        {
            var product = a[row] * b[row];
            (sum, square) = (sum + product, square + (product * product));
        }

        var mean = sum / a.Length;
        return (mean, Math.Max(0, (square / a.Length) - (mean * mean)) / a.Length);
    }

    private static double Mean(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum / column.Length;
    }

    /// <summary>A least-squares line with a slope within limits.</summary>
    private readonly record struct Line(double Intercept, double Slope)
    {
        public static Line Through(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double smallestSlope, double largestSlope)
        {
            var (meanX, meanY) = (Mean(x), Mean(y));
            var (covariance, variance) = (0.0, 0.0);
            for (var i = 0; i < x.Length; i++)
            {
                covariance += (x[i] - meanX) * (y[i] - meanY);
                variance += (x[i] - meanX) * (x[i] - meanX);
            }

            // Estimates that hardly differ between rows differ by the folds they are from, and no slope is to be read into that.
            var slope = variance > 1e-6 * x.Length ? Math.Clamp(covariance / variance, smallestSlope, largestSlope) : 0;
            return new Line(meanY - (slope * meanX), slope);
        }

        public double At(double x) => Intercept + (Slope * x);

        public double[] Residuals(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
        {
            var residuals = new double[x.Length];
            for (var i = 0; i < residuals.Length; i++)
            {
                residuals[i] = y[i] - At(x[i]);
            }

            return residuals;
        }
    }
}
