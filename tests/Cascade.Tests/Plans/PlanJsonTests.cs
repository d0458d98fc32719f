using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using Cascade.Tests.Architecture;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Plans;

public sealed class PlanJsonTests
{
    private static readonly bool Updates = Environment.GetEnvironmentVariable("CASCADE_UPDATE_BASELINES") == "1";

    [Fact]
    public void Read_WhatWasWritten_IsTheSamePlan()
    {
        var back = PlanJson.Read(PlanJson.Write(PlanSamples.Pair));

        Assert.Null(PlanFiller.Difference(PlanSamples.Pair, back, "$"));
    }

    [Fact]
    public void Read_AnySoundPlan_RoundTripsAndDecides() => Gen.Select(Gen.Int, Gen.Double[0, 1e5]).Sample((seed, price) =>
    {
        var plan = PlanSamples.Sound(seed);
        var back = PlanJson.Read(PlanJson.Write(plan));
        var policy = PlanPolicy.Compile(back);
        var outcomes = new ModelOutcome[plan.Models.Length];

        Assert.Null(PlanFiller.Difference(plan, back, "$"));
        Assert.Equal(plan.Points.Max(p => p.Quality.Mean - (price * p.CostUsd.Mean)), Worth(policy.AtPrice(price).Point), 9);
        Assert.Equal(DecisionKind.Call, policy.Decide(new DecisionState { Outcomes = outcomes, ShadowPrice = price }).Kind);

        double Worth(int point) => plan.Points[point].Quality.Mean - (price * plan.Points[point].CostUsd.Mean);
    });

    [Fact]
    public void Sound_CoversTheInterestingCases()
    {
        var plans = Enumerable.Range(0, 200).Select(PlanSamples.Sound).ToList();

        Assert.Equal([1, 2, 3, 4, 5], plans.Select(plan => plan.Points.Length).Distinct().Order());
        Assert.Equal([1, 2, 3, 4], plans.SelectMany(plan => plan.Points).Select(p => ((ChainSpec)p.Policy).Models.Length).Distinct().Order());
        Assert.Contains(plans.SelectMany(plan => plan.Points), p => ((ChainSpec)p.Policy).Thresholds.Any(double.IsInfinity));
    }

    [Fact]
    public void Parse_AnyPlanOfTheForm_RoundTrips() => Gen.Int.Sample(seed =>
    {
        var plan = new PlanFiller(seed).Fill<PlanDocument>() with { SchemaVersion = PlanDocument.CurrentVersion };
        var back = PlanJson.Parse(JsonSerializer.SerializeToUtf8Bytes(plan, PlanJson.Options), []);
        Assert.Null(PlanFiller.Difference(plan, back, "$"));
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var drawn = Enumerable.Range(0, 400).SelectMany(seed =>
        {
            var filler = new PlanFiller(seed);
            filler.Fill<PlanDocument>();
            return filler.Drawn;
        }).ToHashSet();
        var kinds = Bases().SelectMany(type => PlanFiller.KindsOf(type)).Select(kind => kind.Name);

        Assert.Empty(kinds.Concat(["null", "value", "empty list", "list", "Infinity", "-Infinity", "NaN", "-0", "5E-324"]).Except(drawn));
    }

    [Fact]
    public void Kinds_OfEveryBase_HaveAName() => Rule.Holds(
        from type in Bases()
        from kind in type.Assembly.GetTypes().Where(candidate => !candidate.IsAbstract && candidate.IsSubclassOf(type))
        where !PlanFiller.KindsOf(type).Contains(kind)
        select $"{kind.Name}: a plan cannot hold it; give {type.Name} a JsonDerivedType attribute with its name");

    [Fact]
    public void Read_GoldenOfVersion1_IsStillThePlan()
    {
        var path = Path.Combine(RepositoryTree.Root, "tests/Cascade.Tests/Plans/Golden/plan.v1.json");
        if (Updates && !File.Exists(path))
        {
            File.WriteAllBytes(path, PlanJson.Write(PlanSamples.Pair));
        }

        Assert.Null(PlanFiller.Difference(PlanSamples.Pair, PlanJson.Read(File.ReadAllBytes(path)), "$"));
        Assert.Equal(File.ReadAllText(path), Encoding.UTF8.GetString(PlanJson.Write(PlanSamples.Pair)));
    }

    /// <summary>Any plan of the form, sound or not: more kinds than one sound plan could hold.</summary>
    [Fact]
    public void Parse_GoldenOfEveryKind_IsStillThePlan()
    {
        var path = Path.Combine(RepositoryTree.Root, "tests/Cascade.Tests/Plans/Golden/kinds.v1.json");
        var plans = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsArray() : [];
        var declared = Bases().SelectMany(type => type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)).Select(kind => $"\"$kind\":\"{kind.TypeDiscriminator}\"").ToList();
        if (Updates)
        {
            AddMissing(plans, declared);
            File.WriteAllText(path, plans.ToJsonString() + "\n");
        }

        Assert.All(plans, plan =>
        {
            var back = PlanJson.Parse(Encoding.UTF8.GetBytes(plan!.ToJsonString()), []);
            Assert.True(JsonNode.DeepEquals(plan, JsonSerializer.SerializeToNode(back, PlanJson.Options)));
        });
        var text = plans.ToJsonString();
        Assert.Equal(declared, declared.Where(kind => text.Contains(kind, StringComparison.Ordinal)));
    }

    private static void AddMissing(JsonArray plans, List<string> declared)
    {
        for (var seed = 0; seed < 10_000; seed++)
        {
            var plan = new PlanFiller(seed).Fill<PlanDocument>() with { SchemaVersion = PlanDocument.CurrentVersion };
            var node = JsonSerializer.SerializeToNode(plan, PlanJson.Options)!;
            var (text, known) = (node.ToJsonString(), plans.ToJsonString());
            if (text.Length < 20_000 && declared.Any(kind => text.Contains(kind, StringComparison.Ordinal) && !known.Contains(kind, StringComparison.Ordinal)))
            {
                plans.Add(node);
            }
        }
    }

    [Fact]
    public void Schema_OfTheTypes_IsTheOneInTheDocumentation()
    {
        var path = Path.Combine(RepositoryTree.Root, "docs/formats/plan.schema.json");
        var schema = PlanSchema.Export().ToJsonString(new JsonSerializerOptions { WriteIndented = true }).ReplaceLineEndings("\n") + "\n";
        if (Updates)
        {
            File.WriteAllText(path, schema);
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path) == schema,
            "docs/formats/plan.schema.json is not what the types say; set CASCADE_UPDATE_BASELINES=1, review the change, and add a version when older plans no longer read");
    }

    [Fact]
    public void Read_OlderVersion_IsUpgradedStepByStep()
    {
        var old = JsonNode.Parse(PlanJson.Write(PlanSamples.Pair))!.AsObject();
        old["schemaVersion"] = -1;
        old.Remove("warmStart");
        old["title"] = old["name"]!.DeepClone();
        old.Remove("name");
        ImmutableArray<PlanUpgrade> upgrades =
        [
            new PlanUpgrade(0, document => document["warmStart"] = new JsonArray()),
            new PlanUpgrade(-1, document =>
            {
                document["name"] = document["title"]!.DeepClone();
                document.Remove("title");
            }),
        ];
        var plan = PlanJson.Read(Encoding.UTF8.GetBytes(old.ToJsonString()), PlanJson.DefaultMaxBytes, upgrades);

        Assert.Null(PlanFiller.Difference(PlanSamples.Pair with { WarmStart = [] }, plan, "$"));
    }

    [Theory]
    [InlineData("\"schemaVersion\": 1", "\"schemaVersion\": 2", "$.schemaVersion: is 2; this release reads 1 to 1: read it with a newer release")]
    [InlineData("\"schemaVersion\": 1", "\"schemaVersion\": 0", "$.schemaVersion: is 0; this release reads 1 to 1: fit the plan again")]
    [InlineData("\"schemaVersion\": 1,", "", "$.schemaVersion: is missing or no whole number; give the version of the form, 1")]
    [InlineData("\"salt\"", "\"sult\"", "$.data.sult: 'sult' is no member of the form; remove it")]
    [InlineData("\"salt\": \"support\",", "", "$.data: lacks 'salt'; give every member")]
    [InlineData("\"abstainAtMost\": []", "\"abstainAtMost\": null", "$.points[0].policy.abstainAtMost: is of the wrong type")]
    [InlineData("\"$kind\": \"chain\"", "\"$kind\": \"chian\"", "$.points[0].policy: 'chian' is not a kind that this release knows")]
    [InlineData("\"$kind\": \"chain\",", "", "$.points[0].policy: has no $kind; give one")]
    [InlineData("\"rows\": 400", "\"rows\": \"400\"", "$.models[0].rows: is of the wrong type or out of range")]
    [InlineData("\"name\": \"support, maths\"", "\"name\": null", "$.name: is null; give a value")]
    [InlineData("\"name\": \"support, maths\"", "\"name\": \"a\", \"name\": \"b\"", "$: has a member twice")]
    [InlineData("\"name\": \"small\"", "\"name\": \"large\"", "$.models[1].name: 'large' is blank or there twice")]
    [InlineData("\"name\": \"small\"", "\"name\": \"small\", \"inputs\": []", "$.models[0].inputs: 'inputs' is no member of the form; remove it")]
    [InlineData("\"prices\": [", "\"prices\": [null,", "$.prices[0]: is null; give a value")]
    [InlineData("{", "", "$: is not JSON: ")]
    [InlineData("\"mean\": 0.005,", "\"mean\": 0.0005,", "$.points[1]: does not cost more and deliver more than the point before it")]
    public void Read_WrongText_NamesPathAndRepair(string part, string instead, string expected)
    {
        var text = Encoding.UTF8.GetString(PlanJson.Write(PlanSamples.Pair));
        var at = text.IndexOf(part, StringComparison.Ordinal);
        var wrong = text[..at] + instead + text[(at + part.Length)..];
        var exception = Assert.Throws<PlanFormatException>(() => PlanJson.Read(Encoding.UTF8.GetBytes(wrong)));

        Assert.StartsWith(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_EverythingWrong_NamesEveryPath()
    {
        var plan = PlanSamples.Pair;
        var wrong = plan with
        {
            Name = " ",
            Data = plan.Data with { Sha256 = "x", FitShare = 0, FitRows = -1 },
            Models = PlanSamples.Replace(plan.Models, 0, m => m with { Quality = 2, CostUsd = double.NaN, JudgeCostUsd = -1, Rows = 0 }),
            ScoreModels = [null],
            ScoreSets = [new PlanScoreSet([null, null, null])],
            Estimator = new MeanEstimator { Means = new ModelMeans { Quality = [2], CostUsd = [1] } },
            Points = PlanSamples.Replace(plan.Points, 2, p => p with { Policy = ChainSpec.Direct(7), Price = -1, ScoreSet = 1, EscalationRate = 1.5, CostUsd = new PlanFigure(0.01, 2, 1) }),
            Prices = [50, 49],
            WarmStart = [new PlanWarmStart(1, 1), new PlanWarmStart(1, 2)],
            Switches = [new PlanSwitch(-1, [0], [9])],
            Report = new PlanReport(0, []),
        };
        var problems = Assert.Throws<PlanFormatException>(() => PlanJson.Write(wrong)).Problems;

        Assert.Equal(
            [
                "$.name", "$.data.sha256", "$.data.fitShare", "$.data.fitRows", "$.models[0].quality", "$.models[0].costUsd", "$.models[0].judgeCostUsd", "$.models[0].rows", "$.scoreModels",
                "$.scoreSets[0].scoreModels",
                "$.estimator", "$.points[2].policy", "$.points[2].scoreSet", "$.points[2].price", "$.points[2].costUsd", "$.points[2].escalationRate", "$.prices[1]", "$.warmStart[1]",
                "$.switches[0].costUsd", "$.switches[0]", "$.report",
            ],
            problems.Select(problem => problem.Path));
    }

    [Fact]
    public void Write_EstimatorOfAnotherNumberOfModels_IsRefused()
    {
        var one = new MeanEstimator { Means = new ModelMeans { Quality = [0.5], CostUsd = [1] } };
        var shrunk = new ShrunkEstimator
        {
            Inner = one,
            Means = new ModelMeans { Quality = [0.5, 0.6], CostUsd = [1, 2] },
            QualityShares = [1, 1],
            CostShares = [1, 1],
        };

        Assert.All(
            new Estimator[] { one, shrunk },
            estimator =>
            {
                var problem = Assert.Single(Assert.Throws<PlanFormatException>(() => PlanJson.Write(PlanSamples.Pair with { Estimator = estimator })).Problems);
                Assert.Equal("$.estimator", problem.Path);
                Assert.Contains("is for 1 models where", problem.Message, StringComparison.Ordinal);
            });
    }

    [Fact]
    public void Write_MoreEntriesThanAreRead_IsRefused()
    {
        var many = PlanSamples.Pair with { Switches = [.. Enumerable.Repeat(PlanSamples.Pair.Switches[0], 10_001)] };

        Assert.Equal(
            "$.switches: has 10001 entries where 10000 are read; give fewer", Assert.Throws<PlanFormatException>(() => PlanJson.Write(many)).Message);
    }

    [Fact]
    public void Read_NullsByTheMillion_AreNamedUpToALimit()
    {
        var text = Encoding.UTF8.GetString(PlanJson.Write(PlanSamples.Pair));
        var nulls = string.Join(',', Enumerable.Repeat("null", 1_000_000));
        var wrong = text.Replace("\"prices\": [", $"\"prices\": [{nulls},", StringComparison.Ordinal);

        var problems = Assert.Throws<PlanFormatException>(() => PlanJson.Read(Encoding.UTF8.GetBytes(wrong))).Problems;

        Assert.Equal(PlanNulls.MostProblems, problems.Length);
        Assert.Equal("$.prices[999]", problems[^1].Path);
    }

    [Fact]
    public void Signals_OfScoreModelsAndSets_AreNamedOnceWithoutTokens()
    {
        var plan = PlanSamples.Pair with
        {
            ScoreSets =
            [
                new PlanScoreSet([new SignalScore { Signal = "margin" }, new SignalScore { Signal = "output_tokens" }]),
                new PlanScoreSet([new SignalScore { Signal = "confidence" }, null]),
            ],
        };

        Assert.Equal(["confidence", "margin"], plan.Signals);
    }

    [Fact]
    public void Write_ListThatWasNeverSet_IsNamed()
    {
        var problems = Assert.Throws<PlanFormatException>(() => PlanJson.Write(PlanSamples.Pair with { Prices = default, Points = default })).Problems;

        Assert.Equal(["$.points", "$.prices"], problems.Select(problem => problem.Path));
    }

    [Fact]
    public void Read_TooLargeOrTooDeep_IsRefused()
    {
        var json = PlanJson.Write(PlanSamples.Pair);
        var deep = Encoding.UTF8.GetBytes(new string('[', 100));

        Assert.Contains("bytes where 100 are read", Assert.Throws<PlanFormatException>(() => PlanJson.Read(json, 100)).Message, StringComparison.Ordinal);
        Assert.Throws<PlanFormatException>(() => PlanJson.Read(deep));
    }

    private static IEnumerable<Type> Bases() => new[] { typeof(PolicySpec), typeof(ScoreModel), typeof(Estimator) }
        .Concat(typeof(PlanDocument).Assembly.GetTypes().Where(type => type.IsAbstract && !PlanFiller.KindsOf(type).IsEmpty))
        .Distinct();
}
