using System.ClientModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using OpenAI;
using OpenAI.Chat;
using Xunit;

namespace Cascade.Integration.Tests.Clients;

/// <summary>
/// What OpenAI's own clients send and see through the gateway is what they send to and see of the provider itself. Not compared is what must differ: the
/// <c>id</c>, <c>created</c>, <c>model</c> and <c>x_cascade</c> of an answer. In streams the pieces of a text are compared one by one; calls of tools, refusals and
/// log-probabilities are put together first, as these clients do, because the gateway sends them when they are whole.
/// </summary>
public sealed class RichConformanceTests(RichFixture fixture) : IClassFixture<RichFixture>
{
    private const string Schema = """{"type":"object","properties":{"city":{"$ref":"#/$defs/c"}},"required":["city"],"additionalProperties":false,"$defs":{"c":{"type":"string"}}}""";

    private static readonly string[] Cases = ["call", "both", "result", "schema", "logprobs", "refuse", "image"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Every => [.. Cases];

    [Theory]
    [MemberData(nameof(Every))]
    public async Task DotNetClient_ThroughTheGateway_SendsAndSeesWhatItDoesDirectly(string what)
    {
        var before = fixture.Stub.Requests.Count;
        var direct = await AskAsync(new Uri(fixture.Stub.BaseUrl), "any", StubProvider.Model, what);
        var through = await AskAsync(fixture.Server.ApiAddress, fixture.Account.Key, ServerRequests.Model, what);

        AssertSame(direct["choices"], through["choices"], "answer");
        AssertSame(Usage(direct), Usage(through), "usage");
        AssertSame(Sent(before), Sent(before + 1), "request");
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task DotNetClient_StreamsThroughTheGateway_SendsAndSeesWhatItDoesDirectly(string what)
    {
        var before = fixture.Stub.Requests.Count;
        var direct = await SeenStream.OfAsync(Client(new Uri(fixture.Stub.BaseUrl), "any", StubProvider.Model), Question(what), Token);
        var through = await SeenStream.OfAsync(Client(fixture.Server.ApiAddress, fixture.Account.Key, ServerRequests.Model), Question(what), Token);

        Assert.True(direct.Texts.Count + direct.Calls.Count + direct.Refusal.Length > 0);
        Assert.NotNull(direct.Usage);
        Assert.Equal(direct.Texts, through.Texts);
        Assert.Equal(direct.Calls, through.Calls);
        Assert.Equal((direct.Refusal, direct.Finish, direct.Usage), (through.Refusal, through.Finish, through.Usage));
        Assert.Equal(direct.Tokens, through.Tokens);
        AssertSame(Sent(before), Sent(before + 1), "request");
    }

    [Fact]
    public async Task JavaScriptClient_ThroughTheGateway_SendsAndSeesWhatItDoesDirectly()
    {
        var before = fixture.Stub.Requests.Count;
        await using var node = ChildProcess.Start(
            "node",
            [
                Path.Combine(AppContext.BaseDirectory, "node", "rich.cjs"),
                fixture.Stub.BaseUrl, StubProvider.Model, fixture.Server.ApiAddress.ToString(), ServerRequests.Model, fixture.Account.Key,
            ],
            new Dictionary<string, string> { ["NODE_PATH"] = OpenAiNodeTests.Modules() });
        Assert.True(await node.WaitForExitAsync(Token) == 0, node.Transcript());
        var said = JsonNode.Parse(Assert.Single(node.Lines))!.AsObject();

        Assert.Equal(Cases, said.Select(p => p.Key));
        var index = before;
        foreach (var (what, answers) in said)
        {
            AssertSame(answers!["direct"], answers["through"], what);
            AssertSame(Sent(index), Sent(index + 1), $"request of {what}");
            AssertSame(answers["directStream"], answers["throughStream"], $"stream of {what}");
            AssertSame(Sent(index + 2), Sent(index + 3), $"request of {what} as a stream");
            index += 4;
        }
    }

    private static async Task<JsonObject> AskAsync(Uri address, string key, string model, string what)
    {
        var (messages, options) = Question(what);
        var result = await Client(address, key, model).CompleteChatAsync(messages, options, Token);
        return JsonNode.Parse(result.GetRawResponse().Content)!.AsObject();
    }

    private static ChatClient Client(Uri address, string key, string model) =>
        new(model, new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = address });

    private static JsonObject Usage(JsonObject answer) => new(
        ((string[])["prompt_tokens", "completion_tokens", "total_tokens"]).Select(name => KeyValuePair.Create(name, answer["usage"]![name]?.DeepClone())));

    private static (ChatMessage[] Messages, ChatCompletionOptions Options) Question(string what)
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 100 };
        ChatMessage[] messages = [ChatMessage.CreateSystemMessage("Be short."), ChatMessage.CreateUserMessage(what)];
        switch (what)
        {
            case "call" or "both":
                AddTools(options);
                options.ToolChoice = ChatToolChoice.CreateRequiredChoice();
                break;
            case "result":
                AddTools(options);
                messages =
                [
                    ChatMessage.CreateUserMessage("Sunny?"),
                    ChatMessage.CreateAssistantMessage([ChatToolCall.CreateFunctionToolCall("call_1", "weather", BinaryData.FromString("{ \"city\": \"Città\" }"))]),
                    ChatMessage.CreateToolMessage("call_1", "sunny"),
                ];
                break;
            case "schema":
                options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("reply", BinaryData.FromString(Schema), "how to reply", true);
                break;
            case "logprobs":
                options.IncludeLogProbabilities = true;
                options.TopLogProbabilityCount = 2;
                break;
            case "image":
                messages =
                [
                    ChatMessage.CreateUserMessage(
                        ChatMessageContentPart.CreateTextPart("What is it?"),
                        ChatMessageContentPart.CreateImagePart(new Uri("https://pictures.test/a.png"), ChatImageDetailLevel.Low),
                        ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes([137, 80, 78, 71]), "image/png")),
                ];
                break;
        }

        return (messages, options);
    }

    private static void AddTools(ChatCompletionOptions options)
    {
        options.Tools.Add(ChatTool.CreateFunctionTool("weather", "Says it.", BinaryData.FromString(Schema), true));
        options.Tools.Add(ChatTool.CreateFunctionTool("now"));
        options.AllowParallelToolCalls = true;
    }

    private JsonObject Sent(int index)
    {
        var body = JsonNode.Parse(fixture.Stub.Requests[index].Body)!.AsObject();
        body.Remove("model");

        // The same thing, and the gateway sends the name that the endpoint is configured for.
        if (body.Remove("max_tokens", out var limit))
        {
            body["max_completion_tokens"] = limit;
        }

        // No content and a content of null are the same beside calls of tools.
        foreach (var message in body["messages"]!.AsArray().OfType<JsonObject>().Where(message => message["content"] is null))
        {
            message.Remove("content");
        }

        return body;
    }

    private static void AssertSame(JsonNode? direct, JsonNode? through, string what) => Assert.True(
        JsonNode.DeepEquals(direct, through),
        $"{what}: direct {direct?.ToJsonString(JsonSerializerOptions.Web)}, through the gateway {through?.ToJsonString(JsonSerializerOptions.Web)}");
}
