using System.Text.Json;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Integration.Tests.Clients;

/// <summary>OpenAI's own client for JavaScript, unchanged.</summary>
[Collection(ServerCollection.Name)]
public sealed class OpenAiNodeTests(ServerFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAiForJavaScript_TalksToTheGatewayUnchanged()
    {
        await using var node = ChildProcess.Start(
            "node",
            [
                Path.Combine(AppContext.BaseDirectory, "node", "client.cjs"),
                fixture.Server.ApiAddress.ToString(), fixture.Rich.Key, fixture.Poor.Key, ServerRequests.Model,
                fixture.Stub.BaseUrl, StubProvider.Model,
            ],
            new Dictionary<string, string> { ["NODE_PATH"] = Modules() });
        Assert.True(await node.WaitForExitAsync(Token) == 0, node.Transcript());
        var said = JsonDocument.Parse(Assert.Single(node.Lines)).RootElement;

        var completion = said.GetProperty("completion");
        Assert.Equal(StubProvider.Content, completion.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(StubProvider.InputTokens, completion.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(StubProvider.OutputTokens, completion.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Contains(ServerRequests.Model, said.GetProperty("models").EnumerateArray().Select(model => model.GetString()));
        var (stream, direct) = (said.GetProperty("stream"), said.GetProperty("direct"));
        Assert.True(direct.GetProperty("parts").GetArrayLength() > 1);
        Assert.All((string[])["parts", "finish", "usage"], field => Assert.Equal(direct.GetProperty(field).GetRawText(), stream.GetProperty(field).GetRawText()));
        Assert.Equal(1, stream.GetProperty("facts").GetProperty("attempts").GetInt32());
        CheckFailure(said.GetProperty("noMoney"), "APIError", 402, "insufficient_quota");
        CheckFailure(said.GetProperty("wrongKey"), "AuthenticationError", 401, "invalid_api_key");
        CheckFailure(said.GetProperty("unknownModel"), "NotFoundError", 404, "model_not_found");
        CheckFailure(said.GetProperty("badRequest"), "BadRequestError", 400, "invalid_value");
    }

    private static void CheckFailure(JsonElement failure, string type, int status, string code)
    {
        Assert.Equal(type, failure.GetProperty("type").GetString());
        Assert.Equal(status, failure.GetProperty("status").GetInt32());
        Assert.Equal(code, failure.GetProperty("code").GetString());
        Assert.Equal(1, failure.GetProperty("sent").GetInt32());
    }

    internal static string Modules()
    {
        var path = Environment.GetEnvironmentVariable("CASCADE_NODE_MODULES");
        if (string.IsNullOrEmpty(path))
        {
            var artifacts = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!;
            path = Path.Combine(artifacts.FullName, "node", "node_modules");
        }

        return Directory.Exists(Path.Combine(path, "openai"))
            ? path
            : throw new DirectoryNotFoundException($"no openai in '{path}'; run ./test.sh once, which installs it, or set CASCADE_NODE_MODULES");
    }
}
