using Cascade.Planning.Calibration;
using Cascade.Planning.Frontier;
using Cascade.Planning.Sweeps;
using Cascade.Tests.Configuration;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class PlanningDocsTests
{
    [Fact]
    public void Example_FourRows_PlansAsThePageSays()
    {
        var curve = PairSweep.Exact(new PairRows
        {
            Scores = [0.9, 0.6, 0.4, 0.2],
            LowQuality = [1, 1, 0, 0],
            HighQuality = [1, 0, 1, 1],
            LowCostUsd = [1, 1, 1, 1],
            HighCostUsd = [10, 10, 10, 10],
        });
        FrontierChoice plan = curve.Frontier().AtBudget(4);
        PairPolicy policy = curve.PolicyOf(plan.PolicyFor("conversation-17"));
        bool escalates = policy.Kind == PairPolicyKind.Threshold && 0.35 < policy.Threshold;

        Assert.Equal((0.8, 4.0, 0.1, 0.6), (Round(plan.Quality), Round(plan.CostUsd), Round(plan.QualityPerUsd), Round(plan.UpperShare)));
        Assert.Equal(policy.Kind == PairPolicyKind.Threshold, escalates);
        Assert.Equal(new PairPolicy(PairPolicyKind.Threshold, 0.5), curve.PolicyOf(plan.Upper.Policy));
        Assert.Equal(PairPolicyKind.DirectLow, curve.PolicyOf(plan.Lower.Policy).Kind);
    }

    [Fact]
    public void Page_Example_IsTheCodeOfTheTest()
    {
        var page = RepositoryFiles.Read("docs/planning.md");
        var example = page.Split("```csharp\n")[1].Split("```")[0];
        var code = RepositoryFiles.Read("tests/Cascade.Tests/Planning/PlanningDocsTests.cs");
        Assert.Contains(Lines(example), Lines(code), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_Types_AreAllNamed()
    {
        var page = RepositoryFiles.Read("docs/planning.md");
        var types = typeof(CostFrontier).Assembly.GetExportedTypes()
            .Where(t => t.Namespace is "Cascade.Planning.Frontier" or "Cascade.Planning.Sweeps" || t.IsAssignableTo(typeof(ICalibrator)))
            .Where(t => t is { IsEnum: false, IsValueType: false })
            .Select(t => t.Name);
        Assert.All(types, name => Assert.Contains($"`{name}", page, StringComparison.Ordinal));
    }

    private static double Round(double value) => Math.Round(value, 9);

    private static string Lines(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
