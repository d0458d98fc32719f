using Cascade.Planning.Estimation;
using Cascade.Planning.Plans;
using Cascade.Tests.Plans;
using Xunit;

namespace Cascade.Tests.Configuration;

/// <summary>A route that serves a plan: what is read, and what is said when it does not fit.</summary>
public sealed class PlanRouteTests : IDisposable
{
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("cascade-plan-").FullName, "plan.json");

    public PlanRouteTests() => File.WriteAllBytes(_file, PlanJson.Write(PlanSamples.Pair));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void Build_PlanWithItsModelsInAnotherOrder_HasTheStagesInThePlans()
    {
        var settings = Planned();
        settings["Cascade:Routes:math:Plan:BudgetUsdPerRequest"] = "0.003";
        var result = Settings.Build(settings);

        Assert.Empty(result.Problems);
        var route = result.Model!.Routes["math"];
        Assert.Equal(["openai/strong@eastus", "weak"], route.Stages.Select(stage => stage.Id.Value));
        Assert.Equal([0, 1], new[] { 0.9, 0.1 }.Select(place => route.Plan!.Pick(0, place).Point));
    }

    [Theory]
    [InlineData("Cascade:Routes:math:Plan:Models:0", "lage", "Cascade:Routes:math:Plan:Models has 'lage', which is no model of the plan; did you mean 'large'?")]
    [InlineData("Cascade:Routes:math:Plan:Models:0", "small", "Cascade:Routes:math:Plan:Models has 'small' 2 times; a model of the plan has one stage, so name each once")]
    [InlineData("Cascade:Routes:math:Threshold", "0.8", "Cascade:Routes:math:Threshold is set beside a plan; the plan has its own thresholds, so remove it")]
    [InlineData("Cascade:Routes:math:Plan:Signal", "", "Cascade:Routes:math:Plan:Signal is missing; the plan decides by the signal 'confidence' and the route's judge is 'arithmetic'")]
    [InlineData("Cascade:Routes:math:Plan:Signal", "arithmetic", "Cascade:Routes:math:Plan:Signal is 'arithmetic', but the plan decides by the signal 'confidence'")]
    [InlineData("Cascade:Routes:math:Plan:Models:2", "x", "Cascade:Routes:math:Plan:Models has 3 entries for 2 stages; give one per stage, or none")]
    [InlineData("Cascade:Routes:math:Plan:File", "", "Cascade:Routes:math:Plan:File is empty; name the file with the plan")]
    [InlineData("Cascade:Routes:math:Plan:File", "no-such-file", "Cascade:Routes:math:Plan:File 'no-such-file' cannot be read:")]
    [InlineData("Cascade:Routes:math:Plan:BudgetUsdPerRequest", "-1", "Cascade:Routes:math:Plan:BudgetUsdPerRequest is -1; set it from 0 to")]
    [InlineData("Cascade:Routes:math:Strategy", "threshold-pair", "Cascade:Routes:math:Plan is set, but Strategy is 'threshold-pair'; make it plan")]
    [InlineData("Cascade:Routes:math:Verifier:Kind", null, "Cascade:Routes:math:Verifier is missing; the plan decides by the signal 'confidence'")]
    public void Build_PlanThatDoesNotFit_NamesKeyAndRepair(string key, string? value, string expected)
    {
        var settings = Planned();
        if (value is null)
        {
            foreach (var verifier in settings.Keys.Where(k => k.StartsWith("Cascade:Routes:math:Verifier", StringComparison.Ordinal)).ToList())
            {
                settings.Remove(verifier);
            }
        }
        else
        {
            settings[key] = value;
        }

        Assert.Contains(Settings.Build(settings).Problems, problem => problem.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_NoNamesOfModels_BlamesTheStages()
    {
        var settings = Planned();
        settings.Remove("Cascade:Routes:math:Plan:Models:0");
        settings.Remove("Cascade:Routes:math:Plan:Models:1");

        var problems = Settings.Build(settings).Problems;

        Assert.Equal(4, problems.Length);
        Assert.All(problems, problem => Assert.StartsWith("Cascade:Routes:math:Stages ", problem, StringComparison.Ordinal));
        Assert.Contains("Cascade:Routes:math:Stages has 'weak', which is no model of the plan; set Plan:Models to the plan's name of each stage's model", problems);
    }

    [Fact]
    public void Build_JudgeNamedLikeTheSignal_NeedsNoBinding()
    {
        File.WriteAllText(_file, File.ReadAllText(_file).Replace("\"confidence\"", "\"arithmetic\"", StringComparison.Ordinal));
        var settings = Planned();
        settings.Remove("Cascade:Routes:math:Plan:Signal");

        Assert.Empty(Settings.Build(settings).Problems);
    }

    [Fact]
    public void Build_Plan_IsKnownByTheHashOfItsFile()
    {
        var expected = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_file)));

        Assert.Equal(expected, Settings.Build(Planned()).Model!.Routes["math"].Plan!.Sha256);
    }

    [Fact]
    public void Build_UnsoundPlan_NamesFileAndEveryPath()
    {
        File.WriteAllText(_file, File.ReadAllText(_file).Replace("\"escalationRate\": 0.4", "\"escalationRate\": 4", StringComparison.Ordinal));

        var problems = Settings.Build(Planned()).Problems;

        Assert.Equal(4, problems.Length);
        Assert.All(problems, problem => Assert.StartsWith($"Cascade:Routes:math:Plan:File '{_file}' $.", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_PlanWhoseEstimatorReadsMoreThanTheText_NamesWhatIsMissing()
    {
        var means = new ModelMeans { Quality = [0.6, 0.9], CostUsd = [0.001, 0.01] };
        File.WriteAllBytes(_file, PlanJson.Write(PlanSamples.Pair with { Estimator = new PerTaskMeanEstimator { Means = means, Tasks = [new TaskMeans("law", means)] } }));

        Assert.Equal(
            [$"Cascade:Routes:math:Plan:File '{_file}' $.estimator reads the task, and a request has its text alone; fit the plan again without --offline-facts"],
            Settings.Build(Planned()).Problems);

        File.WriteAllBytes(_file, PlanJson.Write(PlanSamples.Pair with { Estimator = new MeanEstimator { Means = means } }));
        Assert.Empty(Settings.Build(Planned()).Problems);
    }

    [Fact]
    public void Build_PlanStrategyWithoutAPlan_SaysWhatIsMissing()
    {
        var settings = Settings.Valid();
        settings["Cascade:Routes:math:Strategy"] = "plan";

        Assert.Contains(Settings.Build(settings).Problems, problem => problem.StartsWith("Cascade:Routes:math:Plan:File is missing", StringComparison.Ordinal));
    }

    private Dictionary<string, string?> Planned()
    {
        var settings = Settings.Valid();
        foreach (var key in settings.Keys.Where(k => k.StartsWith("Cascade:Routes:math:Calibration", StringComparison.Ordinal)).ToList())
        {
            settings.Remove(key);
        }

        settings["Cascade:Routes:math:Strategy"] = "plan";
        settings["Cascade:Routes:math:Plan:File"] = _file;
        settings["Cascade:Routes:math:Plan:Models:0"] = "large";
        settings["Cascade:Routes:math:Plan:Models:1"] = "small";
        settings["Cascade:Routes:math:Plan:Signal"] = "confidence";
        settings.Remove("Cascade:Routes:math:Threshold");
        return settings;
    }
}
