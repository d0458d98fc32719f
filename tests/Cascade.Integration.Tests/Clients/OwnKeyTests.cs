using System.Net;
using System.Net.Http.Headers;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Xunit;

namespace Cascade.Integration.Tests.Clients;

/// <summary>A tenant's own key, from the configuration of a real server to a provider that repeats it in everything it says.</summary>
public sealed class OwnKeyTests
{
    private const string Variable = "CASCADE_TEST_ACMES_KEY";
    private const string Key = "sk-acme-0123456789abcdef";

    private static readonly ServerAccount Acme = new("acme", 1_000 * StubProvider.CostNanos);
    private static readonly ServerAccount Team = new("acme/search", 1_000 * StubProvider.CostNanos);
    private static readonly ServerAccount Beta = new("beta", 1_000 * StubProvider.CostNanos);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_ProviderRepeatsTheKeyInItsRefusals_ItIsNowhereToBeSeen()
    {
        await using var stub = await StubProvider.StartAsync(Echo);
        await using var server = await ServerProcess.StartAsync(Setup(stub, Key), Token);

        var answers = new List<Answer>();
        foreach (var prompt in new[] { "401", "403", "400", "500", "garbage", "fine", "429" })
        {
            answers.Add(await server.AskAsync(Team, Token, prompt));
        }

        var others = new[] { await server.AskAsync(Beta, Token, "fine"), await server.AskAsync(Beta, Token, "fine") };
        var metrics = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);
        var endpoints = await GetAsync(server, "/v1/endpoints");
        await server.TerminateAsync(Token);

        Assert.Equal(("provider_key_rejected", "provider_key_rejected", "invalid_request"), (answers[0].Code, answers[1].Code, answers[2].Code));
        Assert.All(stub.Requests.Take(answers.Count), request => Assert.Equal($"Bearer {Key}", request.Authorization));
        Assert.All(others, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.All(stub.Requests.TakeLast(others.Length), request => Assert.Equal("", request.Authorization));
        Assert.All(answers.Concat(others), answer => Assert.DoesNotContain(Key, answer.Text + answer.Headers, StringComparison.Ordinal));
        Assert.DoesNotContain(Key, server.Transcript() + metrics + endpoints, StringComparison.Ordinal);
        Assert.Contains("\"circuit\":\"closed\"", endpoints.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_VariableIsNotSet_EndsWithTheProblem()
    {
        await using var stub = await StubProvider.StartAsync();
        await using var server = ServerProcess.Launch(Setup(stub, key: null));

        Assert.Equal(78, await server.WaitForExitAsync(Token));
        Assert.Contains("Cascade:Accounts:acme:ProviderKeys:0:ApiKeyEnvironment names a variable that is not set", server.Transcript(), StringComparison.Ordinal);
    }

    private static ServerSetup Setup(OpenAiStubServer stub, string? key) => new()
    {
        Endpoints = [stub.Endpoint()],
        Accounts = [Acme, Team, Beta],
        Settings = new Dictionary<string, string>
        {
            ["Accounts:acme:ProviderKeys:0:Endpoints:0"] = ServerRequests.Model,
            ["Accounts:acme:ProviderKeys:0:ApiKeyEnvironment"] = Variable,
            ["Telemetry:Prometheus"] = "true",
        },
        Environment = key is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [Variable] = key },
    };

    private static StubFault? Echo(StubRequest request)
    {
        var said = request.Authorization.Length == 0 ? "nothing" : request.Authorization;
        var body = $$$"""{"error":{"message":"you sent {{{said}}}","code":"{{{said}}}","type":"{{{said}}}"}}""";
        return request.Messages[^1].Text switch
        {
            "fine" => null,
            "garbage" => new StubFault.WrongBody(body),
            var status => new StubFault.Status(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), body)
            {
                Headers = new Dictionary<string, string> { ["x-echo"] = said, ["WWW-Authenticate"] = said, ["Retry-After"] = status == "429" ? "3600" : said },
            },
        };
    }

    private static async Task<string> GetAsync(ServerProcess server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Beta.Key);
        using var response = await server.Http.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }
}
