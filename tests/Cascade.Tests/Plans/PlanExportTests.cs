using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Planning.Estimation;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
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

    private static readonly Lazy<FitRun> Fit = new(() =>
    {
        var table = new SyntheticOutcomes { Models = 3, Queries = 400 }.Build();
        return FitPipeline.Run(
            table,
            OutcomeSplit.Of(table, 0.4, 0.3, "t"),
            FittableStrategies.All,
            new PipelineOptions { Resamples = 100, ServedFactsOnly = true },
            cancellationToken: TestContext.Current.CancellationToken);
    });

    private static IEnumerable<PlanDocument> Plans() => Fit.Value.Strategies.Where(strategy => strategy.Status == StrategyStatus.Fitted)
        .Select(strategy => PlanJson.Read(PlanJson.Write(PlanExport.Of(Fit.Value, strategy.Strategy, Origin))));

    [Fact]
    public void Of_EveryStrategy_SurvivesTheFileAndDoesWhatItSays()
    {
        var plans = Plans().ToList();

        Assert.True(plans.Count >= 5, $"only {plans.Count} strategies could be fitted");
        Assert.Contains(plans, plan => plan.Points.Any(point => point.ScoreSet is not null));
        Assert.All(plans, plan => AssertMeasured(Fit.Value, plan));
        Assert.Equal(Fit.Value.Auto.Chosen, PlanExport.Of(Fit.Value, "auto", Origin).Strategy);
    }

    /// <summary>What the route computes from a question and a judge's score is what the fit computed from the row.</summary>
    [Fact]
    public void Served_OnRecordedRows_EstimatesAndScoresAsMeasured()
    {
        var table = Fit.Value.Outcomes.Choose;
        var (estimates, scores) = (new HashSet<double>(), new HashSet<double>());
        foreach (var plan in Plans())
        {
            var served = new ServedPlan(PlanPolicy.Compile(plan), null);
            if (plan.Estimator?.EstimateAll(table) is { } expected)
            {
                Assert.Equal((false, false, 0), (plan.Estimator.Reads.Task, plan.Estimator.Reads.InputTokens, plan.Estimator.Reads.Features.Length));
                for (var row = 0; row < table.RowCount; row++)
                {
                    var (quality, cost) = served.Estimate(table.Queries[row].Text!);
                    Assert.Equal(expected.Quality(row).ToArray(), quality);
                    Assert.Equal(expected.CostUsd(row).ToArray(), cost);
                    estimates.Add(quality[0]);
                }
            }

            if (plan.Signals.Length <= 1)
            {
                AssertScored(served, table, scores);
            }
        }

        Assert.True(estimates.Count > 20 && scores.Count > 20, $"only {estimates.Count} estimates and {scores.Count} scores differ; nothing was compared");
    }

    [Fact]
    public void Reads_WithOfflineFacts_NamesTaskTokensAndFeatures()
    {
        var table = new SyntheticOutcomes { Models = 2, Queries = 300 }.Build();
        var trainer = new LogisticTrainer { Shrinkage = ShrinkageRule.Off, Penalties = [0.01] };

        var offline = trainer.Train(table, 1).Reads;
        var served = trainer.Train(table.WithServedFacts(), 1).Reads;

        Assert.Equal((true, true, true), (offline.Text, offline.Task, offline.InputTokens));
        Assert.Equal(["length", "hint"], offline.Features);
        Assert.Equal((true, false, false), (served.Text, served.Task, served.InputTokens));
        Assert.Empty(served.Features);
    }

    private static void AssertScored(ServedPlan served, OutcomeTable table, HashSet<double> seen)
    {
        var signal = served.Policy.Plan.Signals is [var name] ? table.Signals.IndexOf(name) : -1;
        foreach (var point in served.Policy.Points)
        {
            var expected = ScoreMatrix.Of(table, point.ScoreModels);
            for (var model = 0; model < table.ModelCount; model++)
            {
                for (var row = 0; row < table.RowCount; row += 10)
                {
                    var usage = new TokenUsage { InputTokens = (long)table.InputTokens(model)[row], OutputTokens = (long)table.OutputTokens(model)[row] };
                    var score = ServedPlan.Score(point, model, signal < 0 ? double.NaN : table.Signal(model, signal)[row], usage);
                    Assert.Equal(expected[model, row], score);
                    seen.Add(score);
                }
            }
        }
    }

    private static void AssertMeasured(FitRun run, PlanDocument read)
    {
        var policy = PlanPolicy.Compile(read);
        var priors = read.Estimator?.EstimateAll(run.Outcomes.Choose);
        for (var i = 0; i < read.Points.Length; i++)
        {
            // Between the prices of its two segments a point is the one that is picked.
            var price = i == read.Points.Length - 1 ? 0 : i == 0 ? double.PositiveInfinity : (read.Prices[i] + read.Prices[i - 1]) / 2;
            var point = policy.AtPrice(price);
            var result = PolicyEvaluator.Run(
                point, new Evidence(run.Outcomes.Choose, ScoreMatrix.Of(run.Outcomes.Choose, point.ScoreModels), priors), price: 1e6);

            Assert.Equal((read.Strategy, i), (read.Strategy, point.Point));
            Assert.Equal(read.Points[i].CostUsd.Mean, result.MeanCostUsd, 9);
            Assert.Equal(read.Points[i].Quality.Mean, result.MeanQuality, 9);
            Assert.Equal(read.Points[i].EscalationRate, result.EscalationRate, 9);
            Assert.Equal(read.Points[i].AbstentionRate, result.AbstentionRate, 9);
            Assert.InRange(read.Points[i].Quality.Mean, read.Points[i].Quality.Low, read.Points[i].Quality.High);
        }
    }
}
