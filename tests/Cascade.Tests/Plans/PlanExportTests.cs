using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.TestKit.Planning;
using Xunit;

namespace Cascade.Tests.Plans;

/// <summary>What is served is what was measured: a plan that went through a file does on the rows to choose on what it says it does.</summary>
public sealed class PlanExportTests
{
    private static readonly PlanOrigin Origin = new()
    {
        Name = "test",
        FittedAt = DateTimeOffset.UnixEpoch,
        Sha256 = new string('0', 64),
        Queries = 400,
        FitShare = 0.4,
        ChooseShare = 0.3,
        Salt = "t",
    };

    [Fact]
    public void Of_EveryStrategy_SurvivesTheFileAndDoesWhatItSays()
    {
        var table = new SyntheticOutcomes { Models = 3, Queries = 400 }.Build();
        var run = FitPipeline.Run(
            table,
            OutcomeSplit.Of(table, 0.4, 0.3, "t"),
            FittableStrategies.All,
            new PipelineOptions { Resamples = 100 },
            cancellationToken: TestContext.Current.CancellationToken);
        var fitted = run.Strategies.Where(strategy => strategy.Status == StrategyStatus.Fitted).ToList();

        Assert.True(fitted.Count >= 5, $"only {fitted.Count} strategies could be fitted");
        Assert.All(fitted, strategy => AssertServed(run, PlanExport.Of(run, strategy.Strategy, Origin)));
        Assert.Equal(run.Auto.Chosen, PlanExport.Of(run, "auto", Origin).Strategy);
    }

    private static void AssertServed(FitRun run, PlanDocument plan)
    {
        var read = PlanJson.Read(PlanJson.Write(plan));
        var policy = PlanPolicy.Compile(read);
        var evidence = Evidence.For(
            new FittedStrategy { Strategy = read.Strategy, Candidates = [], ScoreModels = read.ScoreModels, Estimator = read.Estimator }, run.Outcomes.Choose);
        for (var i = 0; i < read.Points.Length; i++)
        {
            // Between the prices of its two segments a point is the one that is picked.
            var price = i == read.Points.Length - 1 ? 0 : i == 0 ? double.PositiveInfinity : (read.Prices[i] + read.Prices[i - 1]) / 2;
            var point = policy.AtPrice(price);
            var result = PolicyEvaluator.Run(point, evidence, price: 1e6);

            Assert.Equal((read.Strategy, i), (read.Strategy, point.Point));
            Assert.Equal(read.Points[i].CostUsd.Mean, result.MeanCostUsd, 9);
            Assert.Equal(read.Points[i].Quality.Mean, result.MeanQuality, 9);
            Assert.Equal(read.Points[i].EscalationRate, result.EscalationRate, 9);
            Assert.InRange(read.Points[i].Quality.Mean, read.Points[i].Quality.Low, read.Points[i].Quality.High);
        }
    }
}
