using System.Net;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class SpendEndpointTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetSpend_NoParameters_AsksForTheKeysOwnAccountByDay()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var asked = new List<SpendRequest>();
        gateway.Cluster.OnSpend = request =>
        {
            asked.Add(request);
            return Reply();
        };

        var body = await GatewayFixture.ReadAsync(await gateway.Http.GetAsync("/v1/ledger/spend", Ct));

        Assert.Equal((new AccountId(GatewayFixture.Account), SpendBy.Day, 100), (asked[0].Account, asked[0].By, asked[0].Accounts));
        var row = Assert.Single(body.GetProperty("rows").EnumerateArray());
        Assert.Equal(("2026-03-06", "0.000000042"), (row.GetProperty("period").GetString(), row.GetProperty("cost_usd").GetString()));
        Assert.False(row.TryGetProperty("model", out _));
        Assert.Equal("0.000000042", body.GetProperty("total").GetProperty("cost_usd").GetString());
        Assert.Equal("acme/search/9", body.GetProperty("next").GetString());
    }

    [Fact]
    public async Task GetSpend_EveryParameter_IsPassedOn()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        SpendRequest? asked = null;
        gateway.Cluster.OnSpend = request =>
        {
            asked = request;
            return Reply();
        };

        await gateway.Http.GetAsync(
            "/v1/ledger/spend?account=acme/search/c1&by=run,model,month&from=2026-01-01&to=2026-03-01&time_zone=Europe/Berlin&after=acme/search/c0&limit=7", Ct);

        Assert.Equal(
            new SpendRequest
            {
                Account = new AccountId("acme/search/c1"),
                By = SpendBy.Run | SpendBy.Model | SpendBy.Month,
                From = "2026-01-01",
                To = "2026-03-01",
                TimeZone = "Europe/Berlin",
                After = "acme/search/c0",
                Accounts = 7,
            },
            asked);
    }

    [Fact]
    public async Task GetSpend_WhileAnotherOfTheKeyIsAnswered_IsToldToWaitAndCostsNothing()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = 0;
        gateway.Cluster.SpendIsReady = ready.Task;
        gateway.Cluster.OnSpend = _ =>
        {
            asked++;
            return Reply();
        };
        Task<HttpResponseMessage>[] both = [gateway.Http.GetAsync("/v1/ledger/spend", Ct), gateway.Http.GetAsync("/v1/ledger/spend", Ct)];

        var refused = await await Task.WhenAny(both).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Ct);
        ready.SetResult();
        var statuses = await Task.WhenAll(both.Select(async response => (await response).StatusCode));
        var later = await gateway.Http.GetAsync("/v1/ledger/spend", Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("overloaded", (await GatewayFixture.ReadErrorAsync(refused)).GetProperty("code").GetString());
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable], statuses.Order());
        Assert.Equal((HttpStatusCode.OK, 2), (later.StatusCode, asked));
    }

    /// <summary>What another tenant spent is told to nobody else, and neither is whether there is one.</summary>
    [Theory]
    [InlineData("acme")]
    [InlineData("acme/search-2")]
    [InlineData("acme/searching/x")]
    [InlineData("globex")]
    [InlineData("acme/search%23big")]
    public async Task GetSpend_AccountOfSomebodyElse_IsRefusedWithoutAsking(string account)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnSpend = _ => throw new InvalidOperationException("the cluster was asked");

        using var response = await gateway.Http.GetAsync($"/v1/ledger/spend?account={account}", Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("account", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("by=colour", "by", "invalid_value")]
    [InlineData("by=", "by", "invalid_value")]
    [InlineData("limit=many", "limit", "invalid_value")]
    [InlineData("from=2026-01-01&from=2026-01-02", "from", "invalid_value")]
    [InlineData("colour=red", "colour", "unknown_parameter")]
    public async Task GetSpend_ParameterIsWrong_IsNamed(string query, string param, string code)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.Http.GetAsync("/v1/ledger/spend?" + query, Ct);

        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, param, code), (response.StatusCode, error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData(BudgetStatus.InvalidCommand, HttpStatusCode.BadRequest)]
    [InlineData(BudgetStatus.UnknownAccount, HttpStatusCode.Forbidden)]
    [InlineData(BudgetStatus.None, HttpStatusCode.ServiceUnavailable)]
    public async Task GetSpend_ClusterRefuses_SaysWhy(BudgetStatus status, HttpStatusCode http)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnSpend = _ => new SpendReply { Status = status, Problem = "ask for fewer days" };

        using var response = await gateway.Http.GetAsync("/v1/ledger/spend", Ct);

        Assert.Equal(http, response.StatusCode);
    }

    [Fact]
    public async Task GetSpend_WithoutKey_IsRefused()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var stranger = new HttpClient { BaseAddress = gateway.Address };

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/v1/ledger/spend", Ct)).StatusCode);
    }

    private static SpendReply Reply() => new()
    {
        Status = BudgetStatus.Ok,
        TimeZone = "UTC",
        Rows = [new SpendItem { Period = "2026-03-06", SpentNanos = 42, Requests = 1, Attempts = 1 }],
        Total = new SpendItem { SpentNanos = 42 },
        Next = "acme/search/9",
    };
}
