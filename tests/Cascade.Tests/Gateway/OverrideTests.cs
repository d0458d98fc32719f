using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class OverrideTests
{
    private const string Operator = "csk-of-operator";

    private const string Raise =
        """{"account":"acme/search","id":"launch","window":"day","change_usd":"2.5","expires_in_seconds":3600,"author":"ada","reason":"launch day"}""";

    [Fact]
    public async Task Post_ByAnOperator_AsksTheBudgetAndTellsTheNewLimit()
    {
        await using var gateway = await StartAsync();

        var response = await PostAsync(gateway, Raise);

        var (budget, request) = Assert.Single(gateway.Cluster.Overrides);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("acme/search", budget.ToString());
        Assert.Equal(("launch", "day", 2_500_000_000L, "ada", "launch day", false), (request.OverrideId, request.Window, request.ChangeNanos, request.Author, request.Reason, request.End));
        Assert.Equal(GatewayFixture.Start.AddHours(1), request.ExpiresAt);
        Assert.Equal("15.000000000", (await GatewayFixture.ReadAsync(response)).GetProperty("limit_usd").GetString());
    }

    [Fact]
    public async Task Post_EndOfACapOnAnEndpoint_NeedsNoWindow()
    {
        await using var gateway = await StartAsync();

        await PostAsync(gateway, """{"account":"acme","endpoint":"gpt","id":"launch","end":true,"author":"ada","reason":"over"}""");

        var (budget, request) = Assert.Single(gateway.Cluster.Overrides);
        Assert.Equal(("acme#gpt", true), (budget.ToString(), request.End));
    }

    [Theory]
    [InlineData(GatewayFixture.Key)]
    [InlineData("csk-unknown")]
    [InlineData("")]
    public async Task Post_ByAnyOtherKey_IsRefusedAndChangesNothing(string key)
    {
        await using var gateway = await StartAsync();

        var response = await PostAsync(gateway, Raise, key);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(gateway.Cluster.Overrides);
    }

    [Fact]
    public async Task Post_ByAnOperatorWhereNoneIsConfigured_IsRefused()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(gateway, Raise)).StatusCode);
    }

    [Fact]
    public async Task Post_SeveralBadFields_AreToldAtOnce()
    {
        await using var gateway = await StartAsync();

        var response = await PostAsync(gateway, """{"account":"a//b","id":"x","window":"day","change_usd":"five","author":"ada","reason":"r","colour":"red"}""");

        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        foreach (var part in (string[])["'colour' is not known here", "empty segment", "'change_usd' is 'five'", "'expires_in_seconds' is missing"])
        {
            Assert.Contains(part, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(gateway.Cluster.Overrides);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public async Task Post_NoJsonObject_IsRefused(string body)
    {
        await using var gateway = await StartAsync();

        Assert.Equal("invalid_json", (await GatewayFixture.ReadErrorAsync(await PostAsync(gateway, body))).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Post_BudgetHasNoSuchCap_TellsWhatItHas()
    {
        await using var gateway = await StartAsync();
        gateway.Cluster.OverrideReply = new CapOverrideReply { Status = BudgetStatus.InvalidCommand, Problem = "its caps are: hard Day in UTC" };

        var response = await PostAsync(gateway, Raise);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("hard Day in UTC", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Task<GatewayFixture> StartAsync() => GatewayFixture.StartAsync(http => http.AdminKeyHashes.Add(ApiKeys.Hash(Operator)));

    private static async Task<HttpResponseMessage> PostAsync(GatewayFixture gateway, string body, string key = Operator)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/admin/overrides") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
