using Cascade.Cli.Demo;
using Cascade.Cli.Demo.Preparing;
using Cascade.Cli.Demo.Running;
using Cascade.Cli.Gateway;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class TenantCapsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task For_Synthetic_LeavesTheRichAloneAndTheLastWithoutAChance()
    {
        var workload = await LoadAsync(DemoSource.Synthetic, 60);
        var known = workload.Questions.Select(question => question.Known!).ToArray();
        var drafts = known.Sum(question => question.CheapNanos + question.JudgeNanos);
        var cascade = drafts + known.Where(question => !question.Agree).Sum(question => question.StrongNanos);

        var caps = TenantCaps.For(workload);

        Assert.True(caps.Rich > 3 * cascade, "the rich tenant can pay for far more than the cascade");
        Assert.InRange(caps.Tight, drafts, cascade - 1);
        Assert.InRange(caps.RunsOut, 1, drafts / 2);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(100)]
    public async Task For_Live_AddsUpToTenCents(int questions)
    {
        var caps = TenantCaps.For(await LoadAsync(DemoSource.Live, questions));

        Assert.Equal(100_000_000, caps.Total);
        Assert.True(0 < caps.RunsOut && caps.RunsOut < caps.Tight && caps.Tight < caps.Rich);
    }

    [Fact]
    public async Task Load_Synthetic_TheStrongSolverIsBetterAndTheJudgeSeparates()
    {
        var workload = await LoadAsync(DemoSource.Synthetic, 200);

        Assert.InRange(workload.CheapAlone!.Value, 0.65, 0.85);
        Assert.True(workload.StrongAlone > 0.9);
        var agreed = workload.Questions.Where(question => question.Known!.Agree).ToArray();
        Assert.InRange(agreed.Length, 50, 180);
        Assert.True(agreed.Count(question => question.Known!.CheapRight) > 0.9 * agreed.Length);
    }

    [Fact]
    public void IsHeldOut_ManyIds_SplitsThemInHalves()
    {
        var held = Enumerable.Range(0, 1319).Count(number => WorkloadLoader.IsHeldOut($"gsm/gsm8k-main-test-#{number}"));

        Assert.InRange(held, 560, 760);
    }

    [Fact]
    public async Task Add_AnswersRefusalsAndFailures_AreCountedApart()
    {
        var workload = await LoadAsync(DemoSource.Synthetic, 20);
        var (question, setup) = (workload.Questions[0], workload.Setup);
        var tally = new TenantTally(new DemoTenant("rich", 1), workload);

        tally.Add(question, new ChatOutcome { Status = 200, Text = $"so\n#### {question.Answer}", Model = setup.Cheap.Name, CostNanos = 5 });
        tally.Add(question, new ChatOutcome { Status = 200, Text = "#### -1", Model = setup.Strong.Name, CostNanos = 7 });
        tally.Add(question, new ChatOutcome { Status = 402, Code = "insufficient_quota", CostNanos = 1 });
        tally.Add(question, new ChatOutcome { Status = 402, Code = "something_else" });

        var totals = tally.Totals;
        Assert.Equal((4, 2, 1, 1), (totals.Requests, totals.Answered, totals.Right, totals.Kept));
        Assert.Equal((1, 1, 13), (totals.Refused, totals.Failed, totals.CostNanos));
        Assert.Equal(2 * question.Known!.StrongNanos, totals.AllStrongNanos);
        Assert.Equal(1, totals.Failures["402 something_else"]);
    }

    private static Task<Workload> LoadAsync(DemoSource source, int count)
    {
        var file = source == DemoSource.Live ? "live" : "synthetic";
        return WorkloadLoader.LoadAsync(source, DemoSetup.Read(Configuration.RepositoryFiles.PathOf($"deploy/demo/{file}.json")), count, Ct);
    }
}
