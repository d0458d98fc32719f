using System.Diagnostics;
using Cascade.Planning.Calibration;

namespace Cascade.Planning.Scoring;

/// <summary>Fits calibrators as data and compares them.</summary>
internal static class CalibratorFitting
{
    public static CalibrationMap Fit(CalibratorKind kind, ScoreRows rows, ScoreFitOptions options) => kind switch
    {
        CalibratorKind.Identity => new IdentityMap(),
        CalibratorKind.Platt => Platt(rows),
        CalibratorKind.Beta => Beta(rows),
        CalibratorKind.Isotonic => Isotonic(rows),
        CalibratorKind.Histogram => Histogram(rows, options.HistogramBins),
        _ => throw new UnreachableException($"calibrator {kind}"),
    };

    /// <summary>Log loss of each row by the calibrator fitted on the other parts; null when some part has nothing to fit on.</summary>
    public static double[]? CrossValidatedLosses(CalibratorKind kind, ScoreRows rows, ScoreFitOptions options)
    {
        var losses = new double[rows.Scores.Length];
        var bound = 1.0 / (losses.Length + 2);
        for (var fold = 0; fold < options.Folds; fold++)
        {
            var train = rows.Part(fold, inside: false);
            if (train.Scores.Length == 0)
            {
                return null;
            }

            var map = Fit(kind, train, options);
            for (var i = 0; i < losses.Length; i++)
            {
                if (rows.Folds[i] == fold)
                {
                    var p = Math.Clamp(map.Apply(rows.Scores[i]), bound, 1 - bound);
                    losses[i] = -(rows.Outcomes[i] * Math.Log(p)) - ((1 - rows.Outcomes[i]) * Math.Log(1 - p));
                }
            }
        }

        return losses;
    }

    /// <summary>Whether a map says the same of every score.</summary>
    public static bool IsConstant(CalibrationMap map) => map switch
    {
        PlattMap platt => platt.Slope == 0,
        BetaMap beta => beta is { A: 0, B: 0 },
        StepMap step => step.Values.Length == 1,
        _ => false,
    };

    /// <summary>A slope below 0 would turn the signal round; the nearest map that does not is the constant.</summary>
    private static PlattMap Platt(ScoreRows rows)
    {
        var fit = PlattCalibration.Fit(rows.Scores, rows.Outcomes);
        if (fit.Slope >= 0)
        {
            return new PlattMap(fit.Slope, fit.Intercept);
        }

        var mean = LogisticRegression.Targets(rows.Outcomes).Average();
        return new PlattMap(0, Math.Log(mean / (1 - mean)));
    }

    private static BetaMap Beta(ScoreRows rows)
    {
        var fit = BetaCalibration.Fit(rows.Scores, rows.Outcomes);
        return new BetaMap(fit.A, fit.B, fit.C);
    }

    private static StepMap Isotonic(ScoreRows rows)
    {
        var fit = IsotonicFit.Fit(rows.Scores, rows.Outcomes, default, IsotonicDirection.NonDecreasing);
        return new StepMap([.. fit.Starts], [.. fit.Values]);
    }

    private static BinMap Histogram(ScoreRows rows, int bins)
    {
        var diagram = ReliabilityDiagram.Of(rows.Scores, rows.Outcomes, bins, Binning.EqualMass);
        return new BinMap([.. diagram.Select(b => b.High)], [.. diagram.Select(b => b.MeanOutcome)]);
    }
}
