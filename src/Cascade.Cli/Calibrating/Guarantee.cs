using System.Collections.Immutable;
using Cascade.Cli.Charts;
using Cascade.Planning.Calibration;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Cli.Calibrating;

/// <summary>
/// A threshold that keeps the regret of accepted drafts, max(0, u_H − u_L), within a limit; found on the queries to choose on, which fitted nothing, and
/// measured on those kept apart.
/// </summary>
internal sealed record Guarantee
{
    /// <summary>Thresholds that Learn-then-Test tries, from the safest on.</summary>
    private const int Steps = 100;

    public required string Method { get; init; }

    public required string Promises { get; init; }

    public required bool IsFeasible { get; init; }

    /// <summary>Escalate iff the calibrated score is below it; null always escalates.</summary>
    public double? Threshold { get; init; }

    /// <summary>Mean regret per request on the queries kept apart.</summary>
    public double? Regret { get; init; }

    public double? EscalationRate { get; init; }

    /// <summary>Clopper-Pearson upper bound, at 1 − δ, on the share of accepted drafts that are wrong, from the queries kept apart.</summary>
    public double? WrongAcceptedAtMost { get; init; }

    public static ImmutableArray<Guarantee> All(SplitOutcomes parts, int model, int reference, CalibratedScore score, double risk, double delta)
    {
        var (scores, regrets, _) = Rows(parts.Choose, model, reference, score);
        var conformal = scores.Length == 0 ? default : ConformalRiskControl.Threshold(scores, regrets, risk, 1);
        var tested = LearnThenTestThreshold(scores, regrets, risk, delta);
        return
        [
            Measure("conformal risk control", $"expected regret at most {Numbers.Quality(risk)}", conformal.IsFeasible, conformal.Threshold),
            Measure(
                "learn then test", $"regret at most {Numbers.Quality(risk)} with probability {Numbers.Percent(1 - delta, 1)}", tested is not null, tested ?? double.PositiveInfinity),
        ];

        Guarantee Measure(string method, string promises, bool isFeasible, double threshold)
        {
            if (!isFeasible)
            {
                return new Guarantee { Method = method, Promises = promises, IsFeasible = false };
            }

            var (testScores, testRegrets, wrong) = Rows(parts.Report, model, reference, score);
            var accepted = Enumerable.Range(0, testScores.Length).Where(i => testScores[i] >= threshold).ToArray();
            return new Guarantee
            {
                Method = method,
                Promises = promises,
                IsFeasible = true,
                Threshold = double.IsFinite(threshold) ? threshold : null,
                Regret = testScores.Length == 0 ? null : accepted.Sum(i => testRegrets[i]) / testScores.Length,
                EscalationRate = testScores.Length == 0 ? null : 1 - ((double)accepted.Length / testScores.Length),
                WrongAcceptedAtMost = accepted.Length == 0 ? null : BinomialBounds.ClopperPearsonUpper(accepted.Count(i => wrong[i]), accepted.Length, delta),
            };
        }
    }

    /// <summary>The lowest threshold of a fixed sequence, from always escalating downwards, up to which every test passes; null when none does.</summary>
    internal static double? LearnThenTestThreshold(double[] scores, double[] regrets, double risk, double delta)
    {
        if (scores.Length == 0)
        {
            return null;
        }

        var thresholds = Enumerable.Range(0, Steps + 1).Select(i => 1 - (i / (double)Steps)).ToArray();
        var pValues = Array.ConvertAll(thresholds, threshold =>
        {
            var sum = 0.0;
            for (var i = 0; i < scores.Length; i++)
            {
                sum += scores[i] >= threshold ? regrets[i] : 0;
            }

            // Nothing declares that quality is 0 or 1 alone, and a test must not be picked by the rows that it is made on: the one that always holds.
            return LearnThenTest.HoeffdingPValue(sum / scores.Length, scores.Length, risk);
        });
        var accepted = LearnThenTest.FixedSequence(pValues, delta);
        return accepted == 0 ? null : thresholds[accepted - 1];
    }

    private static (double[] Scores, double[] Regrets, bool[] Wrong) Rows(OutcomeTable table, int model, int reference, CalibratedScore score)
    {
        var columns = ScoreCharts.Columns(table, model, score);
        var better = table.Quality(reference).ToArray();
        return (
            Array.ConvertAll(columns.Signals, s => score.Apply([s])),
            [.. columns.Rows.Select((row, i) => Math.Max(0, better[row] - columns.Outcomes[i]))],
            Array.ConvertAll(columns.Outcomes, u => u < 0.5));
    }
}
