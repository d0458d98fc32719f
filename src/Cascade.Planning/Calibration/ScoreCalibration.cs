namespace Cascade.Planning.Calibration;

/// <summary>Turns a judge's score into the probability that the answer is right, by linear interpolation between given points.</summary>
public sealed class ScoreCalibration
{
    private readonly double[] _scores;
    private readonly double[] _probabilities;

    /// <summary>Creates the calibration.</summary>
    /// <param name="points">At least one point; scores strictly increasing, probabilities non-decreasing, all within 0 to 1.</param>
    /// <exception cref="ArgumentException">The points are not as described.</exception>
    public ScoreCalibration(IReadOnlyList<CalibrationPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
        {
            throw new ArgumentException("a calibration needs at least one point", nameof(points));
        }

        for (var i = 0; i < points.Count; i++)
        {
            var inRange = points[i].Score is >= 0 and <= 1 && points[i].Probability is >= 0 and <= 1;
            var ordered = i == 0 || (points[i].Score > points[i - 1].Score && points[i].Probability >= points[i - 1].Probability);
            if (!inRange || !ordered)
            {
                throw new ArgumentException(
                    $"calibration point {i} ({points[i].Score}, {points[i].Probability}) is outside 0 to 1 or out of order; "
                    + "give scores strictly increasing and probabilities non-decreasing",
                    nameof(points));
            }
        }

        _scores = [.. points.Select(p => p.Score)];
        _probabilities = [.. points.Select(p => p.Probability)];
    }

    /// <summary>Calibrates a score.</summary>
    /// <param name="score">The judge's score, 0 to 1; NaN stays NaN.</param>
    /// <returns>P(answer is right), 0 to 1; scores outside the points take the nearest point's value.</returns>
    public double Apply(double score)
    {
        if (double.IsNaN(score))
        {
            return double.NaN;
        }

        var i = Array.BinarySearch(_scores, score);
        if (i >= 0)
        {
            return _probabilities[i];
        }

        var above = ~i;
        if (above == 0)
        {
            return _probabilities[0];
        }

        if (above == _scores.Length)
        {
            return _probabilities[^1];
        }

        var share = (score - _scores[above - 1]) / (_scores[above] - _scores[above - 1]);
        return _probabilities[above - 1] + (share * (_probabilities[above] - _probabilities[above - 1]));
    }
}

/// <summary>One point of a calibration.</summary>
/// <param name="Score">The judge's score, 0 to 1.</param>
/// <param name="Probability">The share of answers with that score that are right, 0 to 1.</param>
public readonly record struct CalibrationPoint(double Score, double Probability);
