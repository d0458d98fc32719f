using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cascade.Contracts;
using Cascade.Grains.Routing;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Cascade.TestKit.Providers;
using CsCheck;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>What a rich request becomes on the wire to a provider, and what comes back of its answer.</summary>
public sealed class ExactRequestTests
{
    private const string Schema = """{"type":"object","properties":{"city":{"$ref":"#/$defs/c"}},"$defs":{"c":{"type":"string","description":"Città"}}}""";

    private const string Answer = """
        [{"index":0,"message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[
          {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{ \"city\" : \"Rome\" "}},
          {"id":"call_2","type":"function","function":{"name":"now","arguments":""}}]},
          "logprobs":{"content":[{"token":"\u00e9","logprob":-0.25,"bytes":[195,169],"top_logprobs":[
            {"token":"\u00e9","logprob":-0.25,"bytes":[195,169]},{"token":"e","logprob":-2.5,"bytes":null}]}],"refusal":null},
          "finish_reason":"tool_calls"}]
        """;

    private static readonly CascadeRequest Rich = new()
    {
        Operation = new OperationId("op"),
        Account = new AccountId("acme"),
        Model = "m",
        Messages =
        [
            new CascadeMessage { Role = ChatMessageRole.System, Text = "Be short." },
            new CascadeMessage
            {
                Role = ChatMessageRole.User,
                Name = "ann",
                Parts =
                [
                    ContentPart.OfText("Where?"),
                    ContentPart.OfImage("https://pictures.test/a.png?b=c", ImageDetail.Low),
                    ContentPart.OfImage("data:image/png;base64,iVBORw0KGgo=", ImageDetail.None),
                ],
            },
            new CascadeMessage
            {
                Role = ChatMessageRole.Assistant,
                Text = "Let me see.",
                ToolCalls = [new ToolCall { CallId = "call_1", Name = "weather", ArgumentsJson = "{ \"city\" : \"Città\" " }],
            },
            new CascadeMessage { Role = ChatMessageRole.Tool, ToolCallId = "call_1", Text = "not JSON" },
            new CascadeMessage { Role = ChatMessageRole.Assistant, RefusalText = "I would rather not." },
        ],
        Tools = [new ToolDefinition { Name = "weather", Description = "Says it.", ParametersJson = Schema, Strict = true }, new ToolDefinition { Name = "now" }],
        ToolChoice = new ToolChoice { Kind = ToolChoiceKind.Function, Name = "weather" },
        ParallelToolCalls = false,
        TopLogProbabilities = 2,
        Format = new AnswerFormat { Kind = AnswerFormatKind.JsonSchema, SchemaName = "place", SchemaJson = Schema, SchemaDescription = "d", Strict = false },
        Sampling = new SamplingOptions { FrequencyPenalty = 0.5, PresencePenalty = -0.5, ReasoningEffort = Contracts.ReasoningEffort.Minimal },
        ProviderFields = new ProviderFields
        {
            User = "u",
            SafetyIdentifier = "s",
            PromptCacheKey = "k",
            PromptCacheRetention = "24h",
            Verbosity = Verbosity.Low,
        },
        Labels = [new RequestLabel { Name = "feature", Value = "search" }],
    };

    private static readonly Gen<CascadeRequest> GenRequest =
        from question in Gen.String[0, 30]
        from arguments in Gen.OneOf(Gen.Const("{}"), Gen.Const("""{"a":"é","b":[1,2]}"""), Gen.String[0, 20])
        from tools in Gen.Int[0, 4]
        from schema in Gen.OneOf(Gen.Const(Schema), Gen.Const("{}"), Gen.Const("""{ "type" : "object" }"""))
        from refusal in Gen.OneOf(Gen.Const((string?)null), Gen.String[1, 10].Select(text => (string?)text))
        from format in Gen.Bool
        select new CascadeRequest
        {
            Operation = new OperationId("op"),
            Account = new AccountId("acme"),
            Model = "m",
            Messages =
            [
                new CascadeMessage { Role = ChatMessageRole.User, Text = question, Name = "ann" },
                new CascadeMessage
                {
                    Role = ChatMessageRole.Assistant,
                    Text = question,
                    RefusalText = refusal,
                    ToolCalls = tools > 0 ? [new ToolCall { CallId = "call_1", Name = "tool0", ArgumentsJson = arguments }] : [],
                },
                .. tools > 0 ? [new CascadeMessage { Role = ChatMessageRole.Tool, ToolCallId = "call_1", Text = question }] : Array.Empty<CascadeMessage>(),
            ],
            Tools = [.. Enumerable.Range(0, tools).Select(i => new ToolDefinition { Name = $"tool{i}", Description = question, ParametersJson = schema })],
            Format = format ? new AnswerFormat { Kind = AnswerFormatKind.JsonSchema, SchemaName = "x", SchemaJson = schema, SchemaDescription = question } : null,
        };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallAsync_RichRequest_IsSentAsTheCallerWroteIt()
    {
        await using var fixture = await CallerFixture.StartAsync();
        await CallAsync(fixture, Rich);

        var body = JsonNode.Parse(Assert.Single(fixture.Server.Requests).Body)!.AsObject();
        AssertJson(
            """
            [{"role":"system","content":"Be short."},
             {"role":"user","name":"ann","content":[{"type":"text","text":"Where?"},
               {"type":"image_url","image_url":{"url":"https://pictures.test/a.png?b=c","detail":"low"}},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]},
             {"role":"assistant","content":"Let me see.",
              "tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{ \"city\" : \"Citt\u00e0\" "}}]},
             {"role":"tool","tool_call_id":"call_1","content":"not JSON"},
             {"role":"assistant","content":[{"type":"refusal","refusal":"I would rather not."}]}]
            """,
            body["messages"]!);
        AssertJson(
            $$$"""
            [{"type":"function","function":{"name":"weather","description":"Says it.","parameters":{{{Schema}}},"strict":true}},
             {"type":"function","function":{"name":"now"}}]
            """,
            body["tools"]!);
        AssertJson("""{"type":"function","function":{"name":"weather"}}""", body["tool_choice"]!);
        AssertJson(
            $$$"""{"type":"json_schema","json_schema":{"name":"place","description":"d","schema":{{{Schema}}},"strict":false}}""", body["response_format"]!);
        AssertJson(
            """
            {"parallel_tool_calls":false,"logprobs":true,"top_logprobs":2,"frequency_penalty":0.5,"presence_penalty":-0.5,"reasoning_effort":"minimal",
             "user":"u","safety_identifier":"s","prompt_cache_key":"k","prompt_cache_retention":"24h","verbosity":"low","max_completion_tokens":100,
             "model":"stub"}
            """,
            new JsonObject(body.Where(p => p.Key is not ("messages" or "tools" or "tool_choice" or "response_format"))
                .Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))));
        Assert.Contains(Schema, fixture.Server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallAsync_RichAnswer_ComesBackAsTheModelWroteIt()
    {
        await using var fixture = await CallerFixture.StartAsync(Recorded(Answer));

        var result = await CallAsync(fixture, Plain() with { Tools = [new ToolDefinition { Name = "weather" }] });

        Assert.Equal((ModelCallStatus.Answered, "", "tool_calls"), (result.Status, result.Text, result.FinishReason));
        Assert.Equal([new ModelToolCall("call_1", "weather", "{ \"city\" : \"Rome\" "), new ModelToolCall("call_2", "now", "")], result.ToolCalls);
        var token = Assert.Single(result.LogProbabilities!.Content);
        Assert.Equal(("é", -0.25), (token.Text, token.LogProbability));
        Assert.Equal("é"u8.ToArray(), token.Utf8Bytes);
        Assert.Equal(["é", "e"], token.Top.Select(top => top.Text));
        Assert.True(token.Top[1].Utf8Bytes.IsDefault);
    }

    [Fact]
    public async Task CallAsync_Refusal_IsNotReadAsText()
    {
        await using var fixture = await CallerFixture.StartAsync(Recorded(
            """[{"index":0,"message":{"role":"assistant","content":null,"refusal":"I would rather not."},"logprobs":null,"finish_reason":"stop"}]"""));

        var result = await CallAsync(fixture, Plain());

        Assert.Equal(("", "I would rather not."), (result.Text, result.RefusalText));
        Assert.Null(result.LogProbabilities);
        Assert.True(result.ToolCalls.IsEmpty);
    }

    [Fact]
    public async Task InputTokens_AnyRequest_CoversEveryByteOfTextThatIsSent()
    {
        await using var fixture = await CallerFixture.StartAsync();
        await GenRequest.SampleAsync(
            async request =>
            {
                var before = fixture.Server.Requests.Count;
                await CallAsync(fixture, request);
                using var body = JsonDocument.Parse(fixture.Server.Requests[before].Body);
                var bound = TokenBound.InputTokens(ChatMapping.Messages(request), ChatMapping.Options(request, judgesTokens: false), 1);

                Assert.True(bound >= PromptBytes(body.RootElement), $"bound {bound}, sent {PromptBytes(body.RootElement)}: {fixture.Server.Requests[before].Body}");
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (broken, schemas, refusals) = (0, 0, 0);
        GenRequest.Sample(
            request =>
            {
                broken += request.Messages.Any(m => m.ToolCalls.Any(c => !c.ArgumentsJson.StartsWith('{'))) ? 1 : 0;
                schemas += request.Tools.Length > 1 && request.Format is not null ? 1 : 0;
                refusals += request.Messages.Any(m => m.RefusalText is not null) ? 1 : 0;
            },
            iter: 300,
            threads: 1);

        Assert.True(broken > 30 && schemas > 30 && refusals > 30, $"broken {broken}, schemas {schemas}, refusals {refusals}");
    }

    private static CascadeRequest Plain() => new()
    {
        Operation = new OperationId("op"),
        Account = new AccountId("acme"),
        Model = "m",
        Messages = [new CascadeMessage { Role = ChatMessageRole.User, Text = "Sunny?" }],
    };

    private static LambdaChatClient Recorded(string choices) => new((_, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, ""))
    {
        RawRepresentation = JsonNode.Parse(choices),
        Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5 },
    }));

    private static Task<ModelCallResult> CallAsync(CallerFixture fixture, CascadeRequest request)
    {
        var options = ChatMapping.Options(request, judgesTokens: false);
        options.MaxOutputTokens = 100;
        return fixture.Caller().CallAsync(
            new ModelCall { AttemptId = "a", Messages = ChatMapping.Messages(request), Options = options, Timeout = TimeSpan.FromMinutes(1) }, Token);
    }

    /// <summary>The bytes of everything in a request that a model reads: schemas as they stand, and the value of every text.</summary>
    private static long PromptBytes(JsonElement body)
    {
        var bytes = body.GetProperty("messages").EnumerateArray().Sum(Texts);
        foreach (var tool in body.TryGetProperty("tools", out var tools) ? tools.EnumerateArray().ToArray() : [])
        {
            var function = tool.GetProperty("function");
            bytes += Texts(function.GetProperty("name")) + (function.TryGetProperty("description", out var text) ? Texts(text) : 0)
                + (function.TryGetProperty("parameters", out var schema) ? Encoding.UTF8.GetByteCount(schema.GetRawText()) : 0);
        }

        return bytes + (body.TryGetProperty("response_format", out var format)
            ? Encoding.UTF8.GetByteCount(format.GetProperty("json_schema").GetProperty("schema").GetRawText())
            : 0);
    }

    private static long Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Encoding.UTF8.GetByteCount(value.GetString()!),
        JsonValueKind.Array => value.EnumerateArray().Sum(Texts),
        JsonValueKind.Object => value.EnumerateObject().Where(p => p.Name != "type").Sum(p => Texts(p.Value)),
        _ => 0,
    };

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}{Environment.NewLine}but was {actual.ToJsonString()}");
}
