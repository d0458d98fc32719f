using System.Net;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Gateway;

/// <summary>How urgent a request is, and whom it may reach.</summary>
public sealed class RequestWishTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", RequestPriority.None)]
    [InlineData("\"service_tier\":null,", RequestPriority.None)]
    [InlineData("\"service_tier\":\"auto\",", RequestPriority.None)]
    [InlineData("\"service_tier\":\"default\",", RequestPriority.None)]
    [InlineData("\"service_tier\":\"flex\",", RequestPriority.Batch)]
    [InlineData("\"service_tier\":\"priority\",", RequestPriority.Interactive)]
    public async Task Ask_ServiceTier_IsThePriority(string field, RequestPriority priority)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync(With(field));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(priority, Assert.Single(gateway.Cluster.Requests).Priority);
    }

    [Fact]
    public async Task Ask_Allow_ReachesTheClusterWithEachList()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync(With(
            """ "x_cascade":{"allow":{"endpoints":["a","b"],"regions":["eu"],"tags":["gdpr"],"providers":["openai"]}}, """));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var allow = Assert.Single(gateway.Cluster.Requests).Allow!;
        Assert.Equal(["a", "b"], allow.Endpoints);
        Assert.Equal(["eu"], allow.Regions);
        Assert.Equal(["gdpr"], allow.Tags);
        Assert.Equal(["openai"], allow.Providers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"x_cascade\":null,")]
    [InlineData("\"x_cascade\":{},")]
    [InlineData("\"x_cascade\":{\"allow\":null},")]
    [InlineData("\"x_cascade\":{\"allow\":{}},")]
    [InlineData("\"x_cascade\":{\"allow\":{\"regions\":null}},")]
    public async Task Ask_AllowSaysNothing_LeavesNobodyOut(string field)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync(With(field));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Null(Assert.Single(gateway.Cluster.Requests).Allow);
    }

    [Fact]
    public async Task Ask_NothingIsAllowed_TellsTheModelAndTheFilter()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.Refusal(CascadeStatus.NotAllowed, "nothing of 'math' may answer: the request allows regions eu"));

        using var response = await gateway.AskAsync();

        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal((HttpStatusCode.Forbidden, "model"), (response.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains("regions eu", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/models", null, GatewayFixture.Account)]
    [InlineData("/v1/models", "c42", GatewayFixture.Account + "/c42")]
    [InlineData("/v1/models/math", null, GatewayFixture.Account)]
    public async Task GetModels_ListsForTheCallersAccount(string path, string? customer, string account)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (customer is not null)
        {
            request.Headers.Add("x-cascade-customer", customer);
        }

        using var response = await gateway.Http.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(account, Assert.Single(gateway.Cluster.ListedFor).Value);
    }

    private static string With(string field) => $$"""{"model":"math",{{field}}"messages":[{"role":"user","content":"q"}]}""";
}
