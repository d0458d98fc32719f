using System.Net.Http.Headers;
using System.Text.Json;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Integration.Tests.Cluster;

/// <summary>A provider that fails takes its endpoint out, and no server.</summary>
public sealed class ProviderOutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_EveryCallFails_TheCircuitOpensAndTheServerStaysReady()
    {
        var account = new ServerAccount("acme", 1_000_000 * StubProvider.CostNanos);
        await using var cluster = await ClusterHarness.CreateAsync(Token, account);
        var server = await cluster.StartAsync(Token);
        for (var i = 0; i < 8; i++)
        {
            cluster.Stub.Enqueue(new StubFault.Status(503));
        }

        await Eventually.HoldsAsync(
            async () =>
            {
                await server.AskAsync(account, Token);
                return await CircuitAsync(server, account) == "open";
            },
            Patience,
            Token);

        Assert.True(await server.IsReadyAsync(Token));
    }

    private static async Task<string?> CircuitAsync(ServerProcess server, ServerAccount account)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/endpoints");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Key);
        using var response = await server.Http.SendAsync(request, Token);
        using var list = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return list.RootElement.GetProperty("data").EnumerateArray().Single(e => e.GetProperty("id").GetString() == ServerRequests.Model)
            .GetProperty("circuit").GetString();
    }
}
