using Cascade.Budgets;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Configuration;

public sealed class ClusterModelBuilderTests
{
    [Fact]
    public void Build_AccountBelowACappedParentWithATemplateAndACapOnAnEndpoint_GivesTheBudgetsOfAPath()
    {
        var settings = Settings.Valid();
        settings["Cascade:Accounts:acme:Caps:0:Window"] = "day";
        settings["Cascade:Accounts:acme:Caps:0:LimitUsd"] = "1";
        settings["Cascade:Accounts:acme:Models:weak:Caps:0:Window"] = "day";
        settings["Cascade:Accounts:acme:Models:weak:Caps:0:LimitUsd"] = "0.5";
        settings["Cascade:Accounts:acme/search/*:Caps:0:Window"] = "hour";
        settings["Cascade:Accounts:acme/search/*:Caps:0:LimitUsd"] = "0.1";

        var result = Settings.Build(settings);

        Assert.Empty(result.Problems);
        var budgets = result.Model!.BudgetsOf(new AccountId("acme/search/key-7"), new EndpointId("weak"));
        Assert.Equal(["acme/search/key-7", "acme/search", "acme#weak", "acme"], budgets.Select(b => b.Key.ToString()));
        Assert.Equal(
            [100_000_000, 1_000_000_001, 500_000_000, 1_000_000_000],
            budgets.Select(b => Assert.Single(b.Caps).Limit.Nanos));
    }

    [Fact]
    public void Build_KeyOfAnAccountAmongThoseOfOperators_IsRefused()
    {
        var settings = Settings.Valid();
        settings["Cascade:Http:AdminKeyHashes:0"] = Settings.HashOfA.ToUpperInvariant().Replace("SHA256", "sha256", StringComparison.Ordinal);
        settings["Cascade:Http:AdminKeyHashes:1"] = "csk-plain";

        var problems = Settings.Build(settings).Problems;

        Assert.Contains(problems, p => p.Contains("AdminKeyHashes:0 is also a key of account 'acme/search'", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("AdminKeyHashes:1 is no key hash", StringComparison.Ordinal) && !p.Contains("csk-plain", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_ValidSettings_GivesTheModel()
    {
        var result = Settings.Build(Settings.Valid());

        Assert.Empty(result.Problems);
        var model = Assert.IsType<Cascade.Grains.Model.ClusterModel>(result.Model);
        Assert.Equal(["openai/strong@eastus", "weak"], model.Endpoints.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(150_000_000, model.Endpoints["weak"].Price?.At(DateTimeOffset.UnixEpoch)?.InputNanosPerMillionTokens);
        Assert.Null(model.Endpoints["openai/strong@eastus"].Price);
        var route = model.Routes["math"];
        Assert.Equal(["weak", "openai/strong@eastus"], route.Stages.Select(s => s.Id.Value));
        Assert.NotNull(route.Verifier);
        var cap = Assert.Single(model.Accounts[new AccountId("acme/search")].Caps);
        Assert.Equal((WindowKind.Day, new Money(1_000_000_001), true, "UTC"), (cap.Window, cap.Limit, cap.Hard, cap.TimeZone));
        Assert.Equal("acme/search", result.AccountsByKeyHash[Settings.HashOfA].Value);
    }

    [Theory]
    [InlineData(null, null, null, null, 0)]
    [InlineData("batched", "0.5", null, null, 500_000_000)]
    [InlineData("batched", "0.5", "strict", null, 0)]
    [InlineData("batched", "0.5", null, "0.25", 250_000_000)]
    [InlineData(null, null, "batched", "0.25", 250_000_000)]
    [InlineData(null, "0.5", "batched", null, 500_000_000)]
    public void Build_Durability_IsTheAccountsOwnOrTheUsualOne(string? usual, string? usualUsd, string? own, string? ownUsd, long exposure)
    {
        var result = Settings.Build(Durability(usual, usualUsd, own, ownUsd));

        Assert.Empty(result.Problems);
        var budgets = result.Model!.BudgetsOf(new AccountId("acme/search"), new EndpointId("weak"));
        Assert.All(budgets, budget => Assert.Equal(exposure, budget.Exposure.Nanos));
    }

    [Theory]
    [InlineData("batched", null, null, null, "Cascade:Accounts:acme/search:ExposureUsd is not set, but batched durability needs it")]
    [InlineData(null, null, null, "0.5", "Cascade:Accounts:acme/search:ExposureUsd is '0.5', but the account waits for the journal")]
    [InlineData(null, null, "batched", "0", "Cascade:Accounts:acme/search:ExposureUsd is 0; write an amount above zero")]
    [InlineData(null, "much", null, null, "Cascade:Budgets:ExposureUsd is 'much', which is no amount")]
    [InlineData(null, null, "safe", null, "Cascade:Accounts:acme/search:Durability is 'safe'; it must be one of strict, batched")]
    public void Build_DurabilityThatCannotBe_NamesKeyAndRepair(string? usual, string? usualUsd, string? own, string? ownUsd, string problem)
    {
        var problems = Settings.Build(Durability(usual, usualUsd, own, ownUsd)).Problems;

        Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Durability(string? usual, string? usualUsd, string? own, string? ownUsd)
    {
        var settings = Settings.Valid();
        settings["Cascade:Accounts:acme/search:Models:weak:Caps:0:Window"] = "day";
        settings["Cascade:Accounts:acme/search:Models:weak:Caps:0:LimitUsd"] = "0.5";
        (string Key, string? Value)[] given =
        [
            ("Cascade:Budgets:Durability", usual),
            ("Cascade:Budgets:ExposureUsd", usualUsd),
            ("Cascade:Accounts:acme/search:Durability", own),
            ("Cascade:Accounts:acme/search:ExposureUsd", ownUsd),
        ];
        foreach (var (key, value) in given.Where(static pair => pair.Value is not null))
        {
            settings[key] = value;
        }

        return settings;
    }

    [Fact]
    public void Build_GroupsThatDifferInCase_AreReported()
    {
        var settings = Settings.Valid();
        settings["Cascade:Endpoints:weak:Reliability:Group"] = "Models";
        settings["Cascade:Endpoints:openai/strong@eastus:Reliability:Group"] = "models";

        var problem = Assert.Single(Settings.Build(settings).Problems);

        Assert.Contains("is 'Models', and another endpoint's group is 'models'; write a group's name in one way", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_EndpointsOfOneGroup_AreOneNameForRoutesAndCaps()
    {
        var settings = Settings.Valid();
        settings["Cascade:Endpoints:weak:Reliability:Group"] = "models";
        settings["Cascade:Endpoints:openai/strong@eastus:Reliability:Group"] = "models";
        settings["Cascade:Routes:grouped:Strategy"] = "single-model";
        settings["Cascade:Routes:grouped:Stages:0"] = "models";
        settings["Cascade:Accounts:acme/search:Models:models:Caps:0:Window"] = "day";
        settings["Cascade:Accounts:acme/search:Models:models:Caps:0:LimitUsd"] = "0.5";
        settings["Cascade:Accounts:acme/search:Models:weak:Caps:0:Window"] = "day";
        settings["Cascade:Accounts:acme/search:Models:weak:Caps:0:LimitUsd"] = "0.25";

        var result = Settings.Build(settings);

        Assert.Empty(result.Problems);
        var stage = Assert.Single(result.Model!.Routes["grouped"].Stages);
        Assert.Equal(["openai/strong@eastus", "weak"], stage.Deployments.Select(d => d.Id.Value));
        Assert.Equal(stage, result.Model.FindStage("models"));
        var (weak, strong) = (result.Model.BudgetsOf(new AccountId("acme/search"), new EndpointId("weak")), result.Model.BudgetsOf(new AccountId("acme/search"), new EndpointId("openai/strong@eastus")));
        Assert.Equal(["acme/search#weak", "acme/search#models", "acme/search"], weak.Select(b => b.Key.ToString()));
        Assert.Equal(["acme/search#models", "acme/search"], strong.Select(b => b.Key.ToString()));
    }

    [Fact]
    public void Build_ThreeWrongSettings_AreReportedTogetherWithKeyAndRepair()
    {
        var settings = Settings.Valid();
        settings["Cascade:Http:MaxMessages"] = "many";
        settings["Cascade:Routes:math:Stages:1"] = "openai/strog@eastus";
        settings["Cascade:Accounts:acme/search:Caps:0:LimitUsd"] = "a lot";

        var problems = Settings.Build(settings).Problems;

        Assert.Equal(3, problems.Length);
        Assert.Contains(problems, p => p.StartsWith("Cascade:Http:MaxMessages is 'many'; it must be a whole number", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("Cascade:Routes:math:Stages:1 is 'openai/strog@eastus'", StringComparison.Ordinal)
            && p.Contains("did you mean 'openai/strong@eastus'?", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.StartsWith("Cascade:Accounts:acme/search:Caps:0:LimitUsd is 'a lot'", StringComparison.Ordinal));
    }

    public static TheoryData<string, string?, string> OneWrong => new()
    {
        { "Cascade:Htp:MaxMessages", "5", "Cascade:Htp is no known key; did you mean 'Http'?" },
        { "Cascade:Http:MaxMesages", "5", "Cascade:Http:MaxMesages is no known key; did you mean 'MaxMessages'?" },
        { "Cascade:Accounts:acme/search:Cap:0:Window", "day", "Cascade:Accounts:acme/search:Cap is no known key; did you mean 'Caps'?" },
        { "Cascade:Endpoints:weak:MaxInFligth", "5", "Cascade:Endpoints:weak:MaxInFligth is no known key; did you mean 'MaxInFlight'?" },
        { "Cascade:Endpoints:llama3:8b:Provider", "synthetic", "names of endpoints and routes cannot hold ':'" },
        { "Cascade:Http", "5", "Cascade:Http is one value; it must be a section" },
        { "Cascade:Http:Urls:first", "x", "Cascade:Http:Urls:first is no entry of a list" },
        { "Cascade:Http:Urls:0", "127.0.0.1", "Cascade:Http:Urls:0 is '127.0.0.1'; write an address" },
        { "Cascade:Http:MaxMessages:0", "5", "Cascade:Http:MaxMessages is a section; it must be one value" },
        { "Cascade:Http:MaxBodyBytes", "10", "Cascade:Http:MaxBodyBytes is 10; set it from 1024 to" },
        { "Cascade:Http:RequestTimeout", "5 minutes", "Cascade:Http:RequestTimeout is '5 minutes'; it must be a time" },
        { "Cascade:Storage:Mode", "none", "Cascade:Storage:Mode is 'none'; it must be one of embedded, redis, memory" },
        { "Cascade:Storage:Mode", "1", "Cascade:Storage:Mode is '1'; it must be one of embedded, redis, memory" },
        { "Cascade:Storage:Mode", "redis", "Cascade:Storage:RedisConnection is empty" },
        { "Cascade:Cluster:AdvertisedAddress", "localhost", "Cascade:Cluster:AdvertisedAddress is 'localhost'" },
        { "Cascade:Cluster:GatewayPort", "11111", "the same as Cascade:Cluster:SiloPort" },
        { "Cascade:Limits:MaxAttempts", "0", "Cascade:Limits:MaxAttempts is 0; set it from 1 to 100" },
        { "Cascade:Limits:LeaseMargin", "00:30:00", "Cascade:Limits:LeaseMargin is 00:30:00" },
        { "Cascade:Telemetry:OtlpEndpoint", "collector:4317", "Cascade:Telemetry:OtlpEndpoint is no http or https address" },
        { "Cascade:Endpoints:weak:Provider", "opnai", "Cascade:Endpoints:weak:Provider is unknown" },
        { "Cascade:Routes:math:Strategy", "threshold-par", "did you mean 'threshold-pair'?" },
        { "Cascade:Routes:math:Verifier:Kind", null, "Cascade:Routes:math:Verifier:Kind" },
        { "Cascade:Routes:math:Stages:2", "weak", "Cascade:Routes:math:Stages:2 is 'weak' again" },
        { "Cascade:Routes:math:Threshold", "1.5", "Cascade:Routes:math:Threshold is 1.5; set it from 0 to 1" },
        { "Cascade:Routes:math:CostWeight", "-1", "Cascade:Routes:math:CostWeight is -1" },
        { "Cascade:Routes:math:Calibration:0:Score", "7", "Cascade:Routes:math:Calibration" },
        { "Cascade:Routes:weak:Strategy", "single-model", "Cascade:Routes:weak has the name of an endpoint" },
        { "Cascade:Accounts:acme//x:ExpectedRequests", "5", "has an empty segment" },
        { "Cascade:Accounts:acme/search:ExpectedRequests", "0", "Cascade:Accounts:acme/search:ExpectedRequests is 0" },
        { "Cascade:Accounts:acme/search:Caps:0:Window", "daily", "Cascade:Accounts:acme/search:Caps:0:Window is 'daily'" },
        { "Cascade:Accounts:acme/search:Caps:0:LimitUsd", "-1", "is -1, which is below zero" },
        { "Cascade:Accounts:acme/search:Caps:0:LimitUsd", "0.0000000001", "finer than a nano-dollar" },
        { "Cascade:Accounts:acme/search:Caps:0:TimeZone", "Mars/Olympus", "Cascade:Accounts:acme/search:Caps:0:TimeZone is 'Mars/Olympus'" },
        { "Cascade:Accounts:acme/search:Caps:0:Mode", "firm", "Cascade:Accounts:acme/search:Caps:0:Mode is 'firm'; it must be one of hard, soft, observe" },
        { "Cascade:Accounts:acme/search:Caps:0:Span", "01:00:00", "only a rolling window has one" },
        { "Cascade:Accounts:acme/search:Caps:0:Window", "rolling", "a rolling window is" },
        { "Cascade:Accounts:acme/search:Caps:0:AlertPercents:0", "0", "use at most" },
        { "Cascade:Accounts:acme/search:Floors:0:Child", "a/b", "Cascade:Accounts:acme/search:Floors:0:Child is 'a/b'" },
        { "Cascade:Accounts:acme/search:Floors:0:Window", "month", "Cascade:Accounts:acme/search:Floors:0:Window is 'month', but the account has no hard cap" },
        { "Cascade:Accounts:acme/search:Floors:0:AmountUsd", "much", "Cascade:Accounts:acme/search:Floors:0:AmountUsd is 'much'" },
        { "Cascade:Accounts:acme/search:WarmStartRoute", "math", "Cascade:Accounts:acme/search:WarmStartRoute is 'math', which is no route that serves a plan" },
        { "Cascade:Accounts:acme/search:WarmStartRoute", "mth", "WarmStartRoute needs a cap and ExpectedRequests" },
        { "Cascade:Accounts:acme/*/x:ExpectedRequests", "5", "Cascade:Accounts:acme/*/x: account pattern 'acme/*/x' has '*' elsewhere than in its last segments" },
        { "Cascade:Accounts:*:ExpectedRequests", "5", "has '*' elsewhere than in its last segments" },
        { "Cascade:Accounts:a/b/c/d/e/f/g/*/*:ExpectedRequests", "5", "has more than 8 segments" },
        { "Cascade:Accounts:acme/*:KeyHashes:0", "sha256:bbbb", "Cascade:Accounts:acme/*:KeyHashes has keys" },
        { "Cascade:Accounts:acme/search:Models:waek:Caps:0:Window", "day", "Cascade:Accounts:acme/search:Models:waek is no endpoint and no group; did you mean 'weak'?" },
        { "Cascade:Endpoints:weak:Reliability:Group", "Weak", "Cascade:Endpoints:weak:Reliability:Group is the name of an endpoint" },
        { "Cascade:Endpoints:weak:Reliability:Group", "math", "Cascade:Routes:math has the name of an endpoint or a group" },
        { "Cascade:Endpoints:weak:Reliability:Group", "two words", "Cascade:Endpoints:weak:Reliability:Group is no usable name" },
        { "Cascade:Accounts:acme/search:Models:weak:Caps", "", "Cascade:Accounts:acme/search:Models:weak:Caps is empty" },
        { "Cascade:Accounts:acme/search:Models:weak:Caps:0:Window", "daily", "Cascade:Accounts:acme/search:Models:weak:Caps:0:Window is 'daily'" },
        { "Cascade:Accounts:acme/search:KeyHashes:0", "csk-plain", "Cascade:Accounts:acme/search:KeyHashes:0 is no key hash" },
        { "Cascade:Accounts:acme/search:KeyHashes:1", "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "is there twice" },
        { "Cascade:Accounts:other:KeyHashes:0", "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "is also a key of account" },
    };

    [Theory]
    [MemberData(nameof(OneWrong))]
    public void Build_OneWrongSetting_IsReportedAndGivesNoModel(string key, string? value, string problem)
    {
        var settings = Settings.Valid();
        settings[key] = value;

        var result = Settings.Build(settings);

        Assert.Contains(result.Problems, p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Build_JudgeAsksUnknownEndpoint_IsReported()
    {
        var settings = Settings.Valid();
        settings["Cascade:Routes:math:Verifier:Kind"] = "agreement";
        settings["Cascade:Routes:math:Verifier:Endpoint"] = "nobody";

        var problem = Assert.Single(Settings.Build(settings).Problems);

        Assert.Contains("Cascade:Routes:math:Verifier:Endpoint 'nobody' does not exist", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_KeyInsteadOfHash_IsNotRepeated()
    {
        var settings = Settings.Valid();
        settings["Cascade:Accounts:acme/search:KeyHashes:0"] = "csk-very-secret";

        Assert.DoesNotContain(Settings.Build(settings).Problems, p => p.Contains("very-secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_Nothing_AsksForAnEndpoint() =>
        Assert.Contains(Settings.Build([]).Problems, p => p.StartsWith("Cascade:Endpoints is empty", StringComparison.Ordinal));
}
