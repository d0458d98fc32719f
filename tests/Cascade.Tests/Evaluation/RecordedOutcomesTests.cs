using System.Collections.Concurrent;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;
using Cascade.Tests.Verification;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class RecordedOutcomesTests
{
    /// <summary>One run per data set for all tests: it fits every strategy, and what it gives does not change.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<FitRun>> Runs = new(StringComparer.Ordinal);

    [Theory]
    [InlineData("mmlu")]
    [InlineData("triviaqa")]
    [InlineData("gsm8k")]
    public void Auto_RecordedOutcomes_IsNotWorseThanTheBestOneStrategyByMoreThanTheInterval(string dataset)
    {
        var run = Run(dataset);

        var best = run.Strategies.Where(s => s.Report is not null).MaxBy(s => s.Report!.Auc)!.Strategy;
        Assert.All([best, DirectModels.StrategyName], other => Assert.False(
            run.CompareOverBudgets("auto", other).IsWorse, $"auto ({run.Auto.Chosen}) < {other}: {run.CompareOverBudgets("auto", other)}"));
        Assert.DoesNotContain(run.Strategies, s => s.Status == StrategyStatus.Failed);
    }

    [Theory]
    [InlineData("mmlu")]
    [InlineData("triviaqa")]
    public void Scores_RecordedConfidence_IsBetterCalibratedOnHeldOutRows(string dataset)
    {
        var run = Run(dataset);

        var scored = run.ScoreQualities.Where(q => q is not null).Select(q => q!).ToList();
        Assert.InRange(scored.Count, 6, 9);
        Assert.True(scored.Average(q => q.EceAfter) < 0.6 * scored.Average(q => q.EceBefore));
        Assert.True(scored.Average(q => q.BrierAfter) < scored.Average(q => q.BrierBefore));
        Assert.All(scored, q => Assert.Equal(q.AurocBefore, q.AurocAfter, 0.03));
    }

    [Fact]
    public void Scores_SmallestModelOnGsm8k_IsWorseThanChanceAndLeftOut()
    {
        var smallest = Run("gsm8k").Scores.Single(s => s.Model == "llama3.2-1b");

        Assert.Null(smallest.Score);
        Assert.Equal(SignalVerdict.WorseThanChance, smallest.Signals.Single(s => s.Signal == "confidence").Verdict);
    }

    [Theory]
    [InlineData("mmlu")]
    [InlineData("triviaqa")]
    public void Report_RecordedOutcomes_PairsHoldTheirOwnAndNobodyReachesTheOracle(string dataset)
    {
        var run = Run(dataset);

        Assert.False(run.CompareOverBudgets("all-pairs", "single-model").IsWorse);
        Assert.InRange(run.Of("all-pairs").Report!.Auc, run.Of("single-model").Report!.Auc - 0.01, 1);
        Assert.All(
            run.Of("auto").Report!.Budgets.Zip(run.References.UnreachableOracleAtBudgets),
            pair => Assert.True(pair.Second > pair.First.Quality, $"{pair}"));
    }

    private static FitRun Run(string dataset)
    {
        RecordedData.SkipUnlessPresent(NineModels.File);
        return Runs.GetOrAdd(dataset, name => new Lazy<FitRun>(() => Fit(name))).Value;
    }

    private static FitRun Fit(string dataset)
    {
        var table = NineModels.Read(RecordedData.Directory!, dataset);
        ICascadeStrategy[] strategies = [.. FittableStrategies.All, new AllPairs()];
        return FitPipeline.Run(
            table, OutcomeSplit.Of(table, 0.4, 0.3, "recorded"), strategies, new PipelineOptions { Resamples = 400 },
            cancellationToken: TestContext.Current.CancellationToken);
    }
}
