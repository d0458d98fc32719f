using System.Net;
using Xunit;

namespace Cascade.Tests.Gateway;

/// <summary>A key's caller may name an account below the key's own, and no other.</summary>
public sealed class CallerAccountTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, null, "")]
    [InlineData("c42", null, "/c42")]
    [InlineData(null, "run-1", "/run-1")]
    [InlineData("c42", "run-1", "/c42/run-1")]
    public async Task Ask_CustomerAndRun_AreAppendedToTheKeysAccount(string? customer, string? run, string suffix)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await AskAsync(gateway, customer, run);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(GatewayFixture.Account + suffix, Assert.Single(gateway.Cluster.Requests).Account.Value);
    }

    [Theory]
    [InlineData("a/b", null, "x-cascade-customer")]
    [InlineData("../other", null, "x-cascade-customer")]
    [InlineData("c 42", null, "x-cascade-customer")]
    [InlineData("*", null, "x-cascade-customer")]
    [InlineData("c42", "r#m", "x-cascade-run")]
    public async Task Ask_HeaderIsNoSegment_IsRefusedByName(string? customer, string? run, string param)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await AskAsync(gateway, customer, run);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(param, (await GatewayFixture.ReadErrorAsync(response)).GetProperty("param").GetString());
        Assert.Empty(gateway.Cluster.Requests);
    }

    private static async Task<HttpResponseMessage> AskAsync(GatewayFixture gateway, string? customer, string? run)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, GatewayFixture.Chat)
        {
            Content = new StringContent("""{"model":"math","messages":[{"role":"user","content":"6*7?"}]}""", System.Text.Encoding.UTF8, "application/json"),
        };
        if (customer is not null)
        {
            request.Headers.Add("x-cascade-customer", customer);
        }

        if (run is not null)
        {
            request.Headers.Add("x-cascade-run", run);
        }

        return await gateway.Http.SendAsync(request, Ct);
    }
}
