using System.Net;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class PathsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v2/chat/completions")]
    public async Task Get_UnknownPath_IsNotFoundInOpenAiShape(string path)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.Http.GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("not_found", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Get_ChatCompletions_IsMethodNotAllowedAndNamesTheRightOne()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.Http.GetAsync(GatewayFixture.Chat, Cancelled);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal("method_not_allowed", error.GetProperty("code").GetString());
        Assert.Contains("POST", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetModels_Catalog_HasOpenAiListShape()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var list = await GatewayFixture.ReadAsync(await gateway.Http.GetAsync("/v1/models", Cancelled));

        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.Equal(
            [("math", "model", "cascade"), ("openai/gpt-4o-mini@eastus", "model", "openai")],
            list.GetProperty("data").EnumerateArray().Select(m =>
                (m.GetProperty("id").GetString()!, m.GetProperty("object").GetString()!, m.GetProperty("owned_by").GetString()!)));
        Assert.All(list.GetProperty("data").EnumerateArray(), m => Assert.Equal(
            GatewayFixture.Start.ToUnixTimeSeconds(), m.GetProperty("created").GetInt64()));
    }

    [Theory]
    [InlineData("/v1/models/openai/gpt-4o-mini@eastus")]
    [InlineData("/v1/models/openai%2Fgpt-4o-mini%40eastus")]
    public async Task GetModel_KnownName_IsFoundHoweverItIsEscaped(string path)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var model = await GatewayFixture.ReadAsync(await gateway.Http.GetAsync(path, Cancelled));

        Assert.Equal("openai/gpt-4o-mini@eastus", model.GetProperty("id").GetString());
    }

    [Fact]
    public async Task GetModel_UnknownName_IsModelNotFound()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.Http.GetAsync("/v1/models/nothing", Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("model_not_found", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task GetEndpoints_AProviderIsOut_IsToldWithoutUsageAndTheServerStaysReady()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnEndpoints = static () =>
        [
            new EndpointSnapshot
            {
                Endpoint = new EndpointId("gpt@eastus"),
                Group = "gpt",
                MaxInFlight = 32,
                LeasedInFlight = 0,
                Holders = 0,
                Usage = new EndpointUsage { Calls = 77, CostNanos = 123_456 },
                Circuit = EndpointCircuit.Open,
                PausedFor = TimeSpan.FromSeconds(1.5),
                RequestsPerMinute = 600,
                ProviderTokensLeft = 4_000,
                OutstandingTokens = 250,
                EjectedBy = 2,
            },
        ];

        using var ready = await gateway.Http.GetAsync("/health/ready", Cancelled);
        using var response = await gateway.Http.GetAsync("/v1/endpoints", Cancelled);

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotContain("123456", body, StringComparison.Ordinal);
        Assert.DoesNotContain("77", body, StringComparison.Ordinal);
        var item = Assert.Single((await GatewayFixture.ReadAsync(response)).GetProperty("data").EnumerateArray());
        Assert.Equal(("gpt@eastus", "gpt", "open"), (item.GetProperty("id").GetString(), item.GetProperty("group").GetString(), item.GetProperty("circuit").GetString()));
        Assert.Equal((1.5, 600, 4_000), (item.GetProperty("paused_seconds").GetDouble(), item.GetProperty("requests_per_minute").GetInt64(), item.GetProperty("provider_tokens_left").GetInt64()));
        Assert.Equal((250, 2), (item.GetProperty("outstanding_tokens").GetInt64(), item.GetProperty("ejected_by_silos").GetInt32()));
    }

    [Fact]
    public async Task GetEndpoints_WithoutKey_IsRefused()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Http.DefaultRequestHeaders.Authorization = null;

        using var response = await gateway.Http.GetAsync("/v1/endpoints", Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?collect=true", true)]
    public async Task GetBudget_OwnAccount_IsToldExactly(string query, bool collected)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var asked = new List<(AccountId, bool)>();
        gateway.Cluster.OnBudget = (account, collect) =>
        {
            asked.Add((account, collect));
            return Replies.Snapshot(account);
        };

        var budget = await GatewayFixture.ReadAsync(await gateway.Http.GetAsync("/v1/budget" + query, Cancelled));

        Assert.Equal([(new AccountId(GatewayFixture.Account), collected)], asked);
        Assert.Equal(GatewayFixture.Account, budget.GetProperty("account").GetString());
        Assert.Equal("1.500000001", budget.GetProperty("settled_usd").GetString());
        Assert.Equal("0.000000020", budget.GetProperty("leased_usd").GetString());
        Assert.Equal(3.5, budget.GetProperty("shadow_price").GetDouble());
        var window = Assert.Single(budget.GetProperty("windows").EnumerateArray());
        Assert.Equal("2.000000000", window.GetProperty("cap_usd").GetString());
        Assert.Equal("0.499999999", window.GetProperty("remaining_usd").GetString());
        Assert.Equal(Replies.ResetsAt, window.GetProperty("resets_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task GetBudget_BadCollect_NamesTheParameter()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.Http.GetAsync("/v1/budget?collect=maybe", Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("collect", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Fact]
    public async Task GetBudget_UnknownAccount_IsForbidden()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnBudget = (account, _) => new AccountSnapshot { Account = account, Status = BudgetStatus.UnknownAccount };

        using var response = await gateway.Http.GetAsync("/v1/budget", Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("account_unknown", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("code").GetString());
    }
}
