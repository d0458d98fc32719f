using Cascade.Planning;
using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;
using Cascade.Tests.Planning.Fitting;
using Xunit;

namespace Cascade.Tests.Planning.CascadeRouting;

public sealed class EvidenceFitTests
{
    private const int Rows = 1_500;

    [Fact]
    public void Of_SignalThatSaysNothing_StepsOutOfFoldPromiseLessThanThoseThatSawTheRows()
    {
        var (seen, unseen) = (0.0, 0.0);
        for (var seed = 1UL; seed <= 8; seed++)
        {
            var context = Stepped(seed);
            seen += Promise(context.Outcomes, context.Scores);
            unseen += Promise(context.Outcomes, OutOfFoldScores.Of(context));
        }

        Assert.True(seen > 0.02, $"{seen}");
        Assert.True(unseen < 0.5 * seen, $"{unseen} of {seen}");
    }

    [Fact]
    public void Of_ScoreThatSoarsWithThePrior_HasALimitedSlope()
    {
        var context = Stepped(3);
        var random = new SplitMix64(5);
        var (priors, scores) = (new double[Rows * 2], new double[2][]);
        (scores[0], scores[1]) = (new double[Rows], new double[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            priors[row * 2] = priors[(row * 2) + 1] = 0.5 + (0.01 * random.Unit());
            scores[0][row] = scores[1][row] = (priors[row * 2] - 0.5) * 100;
        }

        var evidence = EvidenceFit.Of(context.Outcomes, new ScoreMatrix(scores), new PriorMatrix(2, priors, new double[Rows * 2]), [0, 1]);

        Assert.All(evidence.ScorePriorSlope, slope => Assert.InRange(slope, 1.4, 1.5));
    }

    /// <summary>How far a score of one standard deviation moves the estimate of its model.</summary>
    private static double Promise(OutcomeTable table, ScoreMatrix scores) =>
        Math.Max(0, EvidenceFit.Of(table, scores, null, [0, 1]).QualityScoreCovariance[0]);

    private static FitContext Stepped(ulong seed)
    {
        var random = new SplitMix64(seed);
        var builder = new OutcomeTableBuilder();
        for (var row = 0; row < Rows; row++)
        {
            foreach (var model in new[] { "m0", "m1" })
            {
                builder.Add(new OutcomeRecord
                {
                    QueryId = $"q{row}", Model = model, Quality = random.Below(2), CostUsd = model == "m0" ? 1 : 2, Signals = [new("noise", random.Unit())],
                });
            }
        }

        var table = builder.Build();
        var range = new SignalRange(SignalForm.Unit, 0, 1, 0, 1);
        var rows = ScoreRows.Of(table.Signal(0, 0), range, table.Quality(0), new int[Rows]);
        return FitContexts.Of(table, new CalibratedScore
        {
            Signal = "noise", Range = range, Map = CalibratorFitting.Fit(CalibratorKind.Isotonic, rows, new ScoreFitOptions()), WithoutSignal = 0.5,
        });
    }
}
