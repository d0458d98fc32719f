using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Grains.Routing;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>Which endpoints pass a filter, and what an account meets.</summary>
public sealed class FilterRuleTests
{
    private static readonly EndpointFilter Eu = new() { Regions = ["eu"] };
    private static readonly EndpointTraits Endpoint = new("gpt@eu", "gpt", "eu", "openai", ["gdpr", "fast"]);
    private static readonly ProviderKey Parents = ProviderKey.FromEnvironment("PARENTS_KEY");
    private static readonly ProviderKey Childs = ProviderKey.FromEnvironment("CHILDS_KEY");

    public static TheoryData<EndpointFilter, string?> Filters => new()
    {
        { new EndpointFilter(), null },
        { new EndpointFilter { Endpoints = default, Regions = default, Tags = default, Providers = default }, null },
        { new EndpointFilter { Endpoints = ["other", "gpt@eu"] }, null },
        { new EndpointFilter { Endpoints = ["gpt"] }, null },
        { new EndpointFilter { Endpoints = ["GPT@eu"] }, "not named" },
        { new EndpointFilter { Regions = ["us", "eu"] }, null },
        { new EndpointFilter { Regions = ["us"] }, "region eu" },
        { new EndpointFilter { Tags = ["fast", "gdpr"] }, null },
        { new EndpointFilter { Tags = ["fast", "audited"] }, "no tag audited" },
        { new EndpointFilter { Providers = ["anthropic", "openai"] }, null },
        { new EndpointFilter { Providers = ["anthropic"] }, "provider openai" },
        { new EndpointFilter { Endpoints = ["gpt"], Regions = ["eu"], Tags = ["gdpr"], Providers = ["openai"] }, null },
        { new EndpointFilter { Endpoints = ["gpt"], Regions = ["us"], Tags = ["gdpr"], Providers = ["openai"] }, "region eu" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void LeavesOut_Filter_SaysWhy(EndpointFilter filter, string? why) => Assert.Equal(why, FilterRule.LeavesOut(filter, Endpoint));

    [Fact]
    public void LeavesOut_NothingIsKnownOfTheEndpoint_ItDoesNotPass()
    {
        var bare = new EndpointTraits("m", "", "", "openai", []);

        Assert.Equal("no region", FilterRule.LeavesOut(Eu, bare));
        Assert.Equal("no tag gdpr", FilterRule.LeavesOut(new EndpointFilter { Tags = ["gdpr"] }, bare));
        Assert.Equal("not named", FilterRule.LeavesOut(new EndpointFilter { Endpoints = ["gpt"] }, bare));
    }

    [Fact]
    public void Describe_Filter_NamesEachListInUse() =>
        Assert.Equal("regions eu, de and tags gdpr", FilterRule.Describe(new EndpointFilter { Regions = ["eu", "de"], Tags = ["gdpr"] }));

    [Theory]
    [InlineData("acme", "PARENTS_KEY PARENTS_KEY -")]
    [InlineData("acme/search", "PARENTS_KEY CHILDS_KEY -")]
    [InlineData("acme/search/c42", "PARENTS_KEY CHILDS_KEY -")]
    [InlineData("acme/other", "PARENTS_KEY PARENTS_KEY -")]
    [InlineData("beta", "- - -")]
    public void Meet_Keys_AreTheNearestOfThePath(string account, string keys)
    {
        var model = Model().Account("acme", null).Account("acme/search", null).Account("acme/*", null).Account("acme/search/*", null).Account("beta", null)
            .Bringing("acme", Parents, "a", "b").Bringing("acme/search", Childs, "b").Build();

        var met = AccountView.Of(model.PathOf(new AccountId(account))).Meet(model.Routes["all"]);

        Assert.Equal(keys, string.Join(' ', met.Stages.Select(s => s.Deployments[0].OwnKey?.Key switch
        {
            null => "-",
            var key => ReferenceEquals(key, Parents) ? "PARENTS_KEY" : "CHILDS_KEY",
        })));
    }

    [Fact]
    public void Meet_OwnKey_IsNotBoundByTheRatesOfTheEndpointsKey()
    {
        var model = Model().Account("acme", null).Bringing("acme", Parents, "a").Build();

        var met = AccountView.Of(model.PathOf(new AccountId("acme"))).Meet(model.Routes["all"]).Stages[0].Deployments[0];

        Assert.Equal((null, null, false), (met.Capacity.RequestsPerMinute, met.Capacity.TokensPerMinute, met.Capacity.Adaptive));
        Assert.Equal(10, model.Endpoints["a"].Capacity.RequestsPerMinute);
    }

    [Theory]
    [InlineData("acme", null, "a b")]
    [InlineData("acme/search", null, "b")]
    [InlineData("acme/search/c42", null, "b")]
    [InlineData("beta", null, "a b c")]
    [InlineData("beta", "us", "c")]
    [InlineData("acme", "us", "")]
    public void Meet_Filters_NarrowDownThePathAndToTheRequest(string account, string? region, string left)
    {
        var model = Model().Account("acme", null).Account("acme/search", null).Account("acme/search/*", null).Account("beta", null)
            .Having("acme", a => a with { Allow = Eu })
            .Having("acme/search", a => a with { Allow = new EndpointFilter { Endpoints = ["b", "c"] } }).Build();
        var view = AccountView.Of(model.PathOf(new AccountId(account))).Narrowed(region is null ? null : new EndpointFilter { Regions = [region] });

        var met = view.Meet(model.Routes["all"]);

        Assert.Equal(["a", "b", "c"], met.Stages.Select(s => s.Id.Value));
        Assert.Equal(left, string.Join(' ', met.Stages.SelectMany(s => s.Deployments).Select(d => d.Id.Value)));
    }

    [Fact]
    public void Explain_SeveralFilters_NamesEachAndWhomItLeavesOut()
    {
        var model = Model().Account("acme", null).Having("acme", a => a with { Allow = Eu }).Build();
        var view = AccountView.Of(model.PathOf(new AccountId("acme"))).Narrowed(new EndpointFilter { Endpoints = ["c"] });

        Assert.Equal(
            "account 'acme' allows regions eu, which leaves out 'c' (region us); the request allows endpoints c, which leaves out 'a' (not named), 'b' (not named)",
            view.Explain(model.Routes["all"]));
    }

    private static TestModel Model() => new TestModel()
        .Endpoint("a", ScriptedCaller.Answering("42"), e => e with { Region = "eu", Capacity = e.Capacity with { RequestsPerMinute = 10, TokensPerMinute = 10, Adaptive = true } })
        .Endpoint("b", ScriptedCaller.Answering("42"), e => e with { Region = "eu" })
        .Endpoint("c", ScriptedCaller.Answering("42"), e => e with { Region = "us" })
        .Route("all", "fallback-chain", null, "a", "b", "c");
}
