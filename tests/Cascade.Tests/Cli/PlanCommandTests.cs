using System.Text.Json;
using System.Text.Json.Nodes;
using Cascade.Cli;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class PlanCommandTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--outcomes", "plan", "fit", "--out", "p.json")]
    [InlineData("--out", "plan", "fit", "--outcomes", "o.csv")]
    [InlineData("--strategy", "plan", "fit", "--outcomes", "o.csv", "--out", "p.json", "--strategy", "hope")]
    [InlineData("--split", "plan", "fit", "--outcomes", "o.csv", "--out", "p.json", "--split", "0.6,0.4")]
    [InlineData("--budget-usd", "plan", "fit", "--outcomes", "o.csv", "--out", "p.json", "--budget-usd", "-1")]
    [InlineData("--floor", "plan", "fit", "--outcomes", "o.csv", "--out", "p.json", "--budget-usd", "1", "--floor", "0.5")]
    [InlineData("--map", "plan", "fit", "--outcomes", "o.csv", "--out", "p.json", "--map", "goodness=q")]
    [InlineData("--filter", "plan", "fit", "--outcomes", "o.csv", "--out", "p.json", "--filter", "mmlu")]
    [InlineData("--seed", "plan", "fit", "--outcomes", "o.csv", "--out", "p.json", "--seed", "-3")]
    [InlineData("--dataset", "plan", "fit", "--outcomes", "o.csv", "--dataset", "routerarena", "--out", "p.json")]
    [InlineData("--price", "plan", "show", "p.json", "--price", "1", "--floor", "1")]
    [InlineData("--pacer", "pace", "--outcomes", "o.csv", "--budget-usd", "1", "--pacer", "luck")]
    [InlineData("--total-usd", "pace", "--outcomes", "o.csv")]
    [InlineData("--risk", "calibrate", "--outcomes", "o.csv", "--risk", "2")]
    [InlineData("--dataset", "evaluate")]
    public async Task Run_CommandLineIsWrong_NamesTheOptionAndPrintsNothing(string named, params string[] args)
    {
        var run = await CliRun.OfAsync(args);

        Assert.Equal(ExitCodes.BadUsage, run.ExitCode);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
        Assert.Contains("--help", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Fit_SeveralProblems_ReportsAllOfThem()
    {
        var run = await CliRun.OfAsync("plan", "fit", "--outcomes", "o.csv", "--out", "p.json", "--split", "1,1", "--seed", "x", "--strategy", "hope");

        Assert.All((string[])["--split", "--seed", "--strategy"], option => Assert.Contains(option, run.Errors, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ExitCodes.NoInput, "plan", "fit", "--outcomes", "no/such/file.csv", "--out", "p.json")]
    [InlineData(ExitCodes.BadUsage, "plan", "fit", "--dataset", "no-such-set", "--out", "p.json")]
    [InlineData(ExitCodes.NoInput, "plan", "show", "no/such/plan.json")]
    [InlineData(ExitCodes.NoInput, "plan", "diff", "no/such/plan.json", "no/such/plan.json")]
    public async Task Run_SomethingIsMissing_SaysWhich(int exitCode, params string[] args)
    {
        var run = await CliRun.OfAsync(args);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(args.First(a => a.Contains("no", StringComparison.Ordinal) && a.Contains("such", StringComparison.Ordinal)), run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Fit_WritesAPlan_AndSaysWhatItChoseAndWhy()
    {
        var run = await TinyOutcomes.FitAsync(PlanPath("a"));

        Assert.Contains("The plan is threshold-pair", run.Output, StringComparison.Ordinal);
        Assert.Contains("AUC", run.Output, StringComparison.Ordinal);
        Assert.Contains("reading tiny-outcomes.csv", run.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(PlanPath("a")));
    }

    [Fact]
    public async Task Fit_Json_PrintsNothingElse()
    {
        var run = await TinyOutcomes.FitAsync(PlanPath("a"), "--json", "--floor", "0.6");

        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.Equal("threshold-pair", root.GetProperty("chosen").GetString());
        Assert.Equal(150, root.GetProperty("rows").EnumerateObject().Sum(p => p.Value.GetInt32()));
        Assert.Equal(["single-model", "threshold-pair"], root.GetProperty("strategies").EnumerateArray().Select(s => s.GetProperty("strategy").GetString()));
        Assert.Equal(0.6, root.GetProperty("served").GetProperty("quality").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Fit_SameSeed_GivesTheSameBytes_AndAnotherSeedDoesNot()
    {
        await TinyOutcomes.FitAsync(PlanPath("a"));
        await TinyOutcomes.FitAsync(PlanPath("b"));
        await TinyOutcomes.FitAsync(PlanPath("c"), "--seed", "7");

        Assert.Equal(await File.ReadAllBytesAsync(PlanPath("a"), Ct), await File.ReadAllBytesAsync(PlanPath("b"), Ct));
        Assert.NotEqual(await File.ReadAllBytesAsync(PlanPath("a"), Ct), await File.ReadAllBytesAsync(PlanPath("c"), Ct));
    }

    [Fact]
    public async Task Fit_NothingToPlanOn_IsUnusableInput()
    {
        var run = await CliRun.OfAsync(
            "plan", "fit", "--outcomes", TinyOutcomes.File, "--filter", "query_id=q1", "--strategy", "single-model", "--out", PlanPath("a"));

        Assert.Equal(ExitCodes.BadData, run.ExitCode);
        Assert.Contains("cannot be planned on", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_GoldenPlan_PrintsTheGoldenText()
    {
        var run = await CliRun.OfAsync("plan", "show", TinyOutcomes.Plan, "--budget-usd", "0.0001");

        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Equal(Lines(await File.ReadAllTextAsync(TinyOutcomes.Golden("plan-show.txt"), Ct)), Lines(run.Output));
    }

    [Theory]
    [InlineData("--budget-usd", "0.000001", "infeasible")]
    [InlineData("--budget-usd", "1", "slack")]
    [InlineData("--floor", "0.6", "binding")]
    [InlineData("--floor", "1", "infeasible")]
    [InlineData("--price", "500", "binding")]
    public async Task Show_Limit_SaysHowItIsMet(string option, string value, string fit)
    {
        var run = await CliRun.OfAsync("plan", "show", TinyOutcomes.Plan, option, value, "--json");

        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(fit, document.RootElement.GetProperty("served").GetProperty("fit").GetString());
    }

    [Fact]
    public async Task Diff_SamePlan_EndsWithZero()
    {
        var run = await CliRun.OfAsync("plan", "diff", TinyOutcomes.Plan, TinyOutcomes.Plan);

        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Contains("decide alike", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_AnotherThreshold_NamesThePointAndEndsWithOne()
    {
        var plan = JsonNode.Parse(await File.ReadAllTextAsync(TinyOutcomes.Plan, Ct))!;
        plan["points"]![1]!["policy"]!["thresholds"]![0] = 0.75;
        var changed = plan.ToJsonString();
        await File.WriteAllTextAsync(PlanPath("changed"), changed, Ct);

        var run = await CliRun.OfAsync("plan", "diff", TinyOutcomes.Plan, PlanPath("changed"));
        var json = await CliRun.OfAsync("plan", "diff", TinyOutcomes.Plan, PlanPath("changed"), "--json");

        Assert.Equal(ExitCodes.Different, run.ExitCode);
        Assert.Contains("point 2: small → large below", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Different, json.ExitCode);
        using var document = JsonDocument.Parse(json.Output);
        Assert.False(document.RootElement.GetProperty("same").GetBoolean());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Show_NoPlan_IsUnusableInput(string content)
    {
        await File.WriteAllTextAsync(PlanPath("broken"), content, Ct);

        var run = await CliRun.OfAsync("plan", "show", PlanPath("broken"));

        Assert.Equal(ExitCodes.BadData, run.ExitCode);
        Assert.Contains("is not a plan", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_PlaceCannotBeWritten_SaysSo()
    {
        var run = await CliRun.OfAsync(
            "plan", "fit", "--outcomes", TinyOutcomes.File, "--strategy", "single-model", "--resamples", "100", "--out", Path.Combine(TinyOutcomes.File, "plan.json"));

        Assert.Equal(ExitCodes.NoOutput, run.ExitCode);
        Assert.Contains("--out", run.Errors, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.TrimEnd())];

    private string PlanPath(string name) => Path.Combine(_folder.Path, $"{name}.json");
}
