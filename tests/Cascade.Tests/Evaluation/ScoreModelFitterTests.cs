using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;
using Cascade.TestKit.Planning;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class ScoreModelFitterTests
{
    private static readonly ScoreFitOptions Options = new();

    [Fact]
    public void FitAll_OverconfidentSignal_IsCalibratedOnRowsItDidNotSee()
    {
        var fit = Assert.Single(ScoreModelFitter.FitAll(Answers(4000, 1, p => (Sigmoid(3 * Logit(p)), p)), Options));

        var quality = ScoreQuality.Of(Answers(4000, 2, p => (Sigmoid(3 * Logit(p)), p)), 0, fit.Score!);

        Assert.Equal(new PlattMap(1 / 3.0, 0), Assert.IsType<PlattMap>(fit.Score!.Map), Near);
        Assert.InRange(quality.EceBefore, 0.08, 0.3);
        Assert.InRange(quality.EceAfter, 0, 0.03);
        Assert.True(quality.BrierAfter < quality.BrierBefore);
        Assert.Equal(quality.AurocBefore, quality.AurocAfter, 1e-12);
    }

    [Fact]
    public void FitAll_CalibratedSignal_StaysAsItIs() =>
        Assert.IsType<IdentityMap>(Assert.Single(ScoreModelFitter.FitAll(Answers(3000, 3, p => (p, p)), Options)).Score!.Map);

    [Fact]
    public void FitAll_SignalUpsideDown_IsLeftOutAndReported()
    {
        var fit = Assert.Single(ScoreModelFitter.FitAll(Answers(500, 4, p => (1 - p, p)), Options));

        Assert.Null(fit.Score);
        var trial = Assert.Single(fit.Signals);
        Assert.Equal(SignalVerdict.WorseThanChance, trial.Verdict);
        Assert.InRange(trial.Auroc, 0, 0.4);
    }

    [Fact]
    public void FitAll_StepInTheSignal_NeedsEnoughRowsForSteps()
    {
        static (double, double) Step(double p) => (p, p < 0.8 ? 0.3 : 0.9);

        Assert.IsType<StepMap>(Assert.Single(ScoreModelFitter.FitAll(Answers(8000, 5, Step), Options)).Score!.Map);
        Assert.IsNotType<StepMap>(Assert.Single(ScoreModelFitter.FitAll(Answers(900, 5, Step), Options)).Score!.Map);
    }

    [Fact]
    public void FitAll_TwoSignals_TakesTheOneThatTellsWhereABetterModelHelps()
    {
        var table = new SyntheticOutcomes { Models = 3, Queries = 1500 }.Build();

        var fits = ScoreModelFitter.FitAll(table, Options);

        Assert.All(fits, f => Assert.Equal("confidence", f.Score!.Signal));
        Assert.All(fits, f => Assert.InRange(f.Signals[0].Auroc, 0.8, 1));
        Assert.True(double.IsNaN(fits[2].Signals[0].BenefitAuroc));
        Assert.InRange(fits[0].Signals[0].BenefitAuroc, 0.6, 1);
    }

    [Fact]
    public void FitAll_LogProbability_IsReadAsOne()
    {
        var fit = Assert.Single(ScoreModelFitter.FitAll(Answers(2000, 6, p => (Math.Log(p), p)), Options));

        Assert.Equal(SignalForm.LogProbability, fit.Score!.Range.Form);
        Assert.Equal(0.5, fit.Score.Apply([Math.Log(0.5)]), 0.05);
        Assert.Contains(fit.Calibrators, c => c.Form == SignalForm.Standardised && !c.IsUsed);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 20)]
    [InlineData(double.NegativeInfinity, -20)]
    [InlineData(1e99, 20)]
    public void Apply_BeyondTheTrainingRange_IsTheEndOfIt(double signal, double end)
    {
        var score = Assert.Single(ScoreModelFitter.FitAll(Answers(1000, 7, p => (Math.Clamp(10 * Logit(p), -20, 20), p)), Options)).Score!;

        Assert.Equal(score.Apply([end]), score.Apply([signal]));
        Assert.InRange(score.Apply([signal]), 0, 1);
    }

    [Fact]
    public void Apply_NoSignal_IsWhatAnswersWithoutItDeliver()
    {
        var builder = new OutcomeTableBuilder();
        for (var i = 0; i < 400; i++)
        {
            var known = i % 2 == 0;
            builder.Add(new OutcomeRecord
            {
                QueryId = $"q{i}",
                Model = "m",
                Quality = known ? (i % 4 == 0 ? 1 : 0) : 0,
                CostUsd = 1,
                Signals = [new("s", known ? (i % 4 == 0 ? 0.8 : 0.3) + (i * 1e-5) : double.NaN)],
            });
        }

        var score = Assert.Single(ScoreModelFitter.FitAll(builder.Build(), Options)).Score!;

        Assert.Equal(20 * 0.25 / 220, score.Apply([double.NaN]), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void FitAll_FewRows_GivesProbabilities(int rows)
    {
        var table = Answers(rows, 8, p => (p, p));

        foreach (var fit in ScoreModelFitter.FitAll(table, Options))
        {
            Assert.All(Enumerable.Range(0, 11), i => Assert.InRange(fit.Score?.Apply([i / 10.0]) ?? 0, 0, 1));
        }
    }

    [Fact]
    public void FitAll_OnlyInfiniteValues_TellsThemApart()
    {
        var score = Assert.Single(ScoreModelFitter.FitAll(
            Answers(300, 9, p => (p < 0.5 ? double.NegativeInfinity : double.PositiveInfinity, p)), Options)).Score!;

        Assert.True(score.Apply([double.PositiveInfinity]) > score.Apply([double.NegativeInfinity]) + 0.2);
    }

    [Fact]
    public void FitAll_ConstantOrMissingSignal_IsLeftOutAndReported()
    {
        Assert.Equal(SignalVerdict.Constant, Assert.Single(Assert.Single(
            ScoreModelFitter.FitAll(Answers(100, 10, p => (0.7, p)), Options)).Signals).Verdict);
        Assert.Equal(SignalVerdict.Missing, Assert.Single(Assert.Single(
            ScoreModelFitter.FitAll(Answers(100, 10, p => (double.NaN, p)), Options)).Signals).Verdict);
    }

    [Fact]
    public void FitAll_NoRow_SaysSo() =>
        Assert.Throws<ArgumentException>(() => ScoreModelFitter.FitAll(Answers(5, 1, p => (p, p)).Select([0], []), Options));

    /// <summary>One model whose answers are right with a probability that is drawn uniformly and mapped to a signal and a truth.</summary>
    private static OutcomeTable Answers(int rows, int seed, Func<double, (double Signal, double Truth)> map)
    {
        var random = new Random(seed);
        var builder = new OutcomeTableBuilder();
        for (var i = 0; i < rows; i++)
        {
            var (signal, truth) = map(0.02 + (0.96 * random.NextDouble()));
            builder.Add(new OutcomeRecord
            {
                QueryId = $"q{i}",
                Model = "m",
                Quality = random.NextDouble() < truth ? 1 : 0,
                CostUsd = 1,
                Signals = [new("s", signal)],
            });
        }

        return builder.Build();
    }

    private static bool Near(PlattMap a, PlattMap b) => Math.Abs(a.Slope - b.Slope) < 0.05 && Math.Abs(a.Intercept - b.Intercept) < 0.15;

    private static double Logit(double p) => Math.Log(p / (1 - p));

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
}
