using System.Net;
using System.Net.Http.Headers;
using Cascade.Tests.Gateway;
using Xunit;

namespace Cascade.Tests.Issues;

/// <summary>How peers let a caller around its budget at the door. The trait is the number in the list of their issues.</summary>
public sealed class GatewayHoleTests
{
    [Fact]
    [Trait("Peer", "10")]
    public async Task EndUser_NamedInABodyOrAHeader_NeverChangesWhoPays()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Http.DefaultRequestHeaders.Add("x-litellm-end-user-id", "somebody");
        gateway.Http.DefaultRequestHeaders.Add("x-cascade-account", "somebody");

        using var response = await gateway.AskAsync("""{"model":"math","messages":[{"role":"user","content":"q"}],"user":"somebody"}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var request = Assert.Single(gateway.Cluster.Requests);
        Assert.Equal((GatewayFixture.Account, "somebody"), (request.Account.Value, request.ProviderFields?.User));
    }

    [Theory]
    [InlineData("Bearer master-key")]
    [InlineData("Bearer ")]
    [InlineData(null)]
    [Trait("Peer", "13")]
    public async Task Key_WithoutAnAccount_AsksNothing(string? authorization)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Http.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);

        using var response = await gateway.AskAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Empty(gateway.Cluster.Requests);
    }
}
