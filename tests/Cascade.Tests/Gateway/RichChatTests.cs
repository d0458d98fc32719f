using System.Net;
using System.Text.Json;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class RichChatTests
{
    [Fact]
    public async Task Ask_ToolConversation_ReachesTheClusterWordForWord()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync("""
            {"model":"math","messages":[
              {"role":"user","name":"ann","content":"Sunny?"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"weather","arguments":"{ \"city\" "}}]},
              {"role":"tool","tool_call_id":"call_1","content":[{"type":"text","text":"y"},{"type":"text","text":"es"}]},
              {"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}],
             "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{ "type" : "object" },"strict":true}},
                      {"type":"function","function":{"name":"now"}}],
             "tool_choice":{"type":"function","function":{"name":"weather"}},"parallel_tool_calls":false}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var request = Assert.Single(gateway.Cluster.Requests);
        Assert.Equal("ann", request.Messages[0].Name);
        Assert.Equal([new ToolCall { CallId = "call_1", Name = "weather", ArgumentsJson = "{ \"city\" " }], request.Messages[1].ToolCalls);
        Assert.Equal((ChatMessageRole.Tool, "call_1", "yes"), (request.Messages[2].Role, request.Messages[2].ToolCallId, request.Messages[2].Text));
        Assert.Equal("no", request.Messages[3].RefusalText);
        Assert.Equal(
            [
                new ToolDefinition { Name = "weather", Description = "d", ParametersJson = """{ "type" : "object" }""", Strict = true },
                new ToolDefinition { Name = "now" },
            ],
            request.Tools);
        Assert.Equal(new ToolChoice { Kind = ToolChoiceKind.Function, Name = "weather" }, request.ToolChoice);
        Assert.False(request.ParallelToolCalls);
    }

    [Theory]
    [InlineData("auto", ToolChoiceKind.Auto)]
    [InlineData("none", ToolChoiceKind.Forbidden)]
    [InlineData("required", ToolChoiceKind.Required)]
    public async Task Ask_ToolChoiceInAWord_ReachesTheCluster(string word, ToolChoiceKind kind)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync(
            $$$"""{"model":"math","messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"{{{word}}}"}""");

        Assert.Equal(kind, Assert.Single(gateway.Cluster.Requests).ToolChoice?.Kind);
    }

    [Fact]
    public async Task Ask_Images_KeepTheirOrderAndDetail()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync("""
            {"model":"math","messages":[{"role":"user","content":[
              {"type":"image_url","image_url":{"url":"https://x/a.png","detail":"high"}},{"type":"text","text":"What?"},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}]}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var message = Assert.Single(Assert.Single(gateway.Cluster.Requests).Messages);
        Assert.Equal("", message.Text);
        Assert.Equal("What?", message.PlainText);
        Assert.Equal(
            [
                ContentPart.OfImage("https://x/a.png", ImageDetail.High), ContentPart.OfText("What?"),
                ContentPart.OfImage("data:image/png;base64,AAAA", ImageDetail.None),
            ],
            message.Parts);
    }

    [Fact]
    public async Task Ask_WhatIsForTheProvider_ReachesTheCluster()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync("""
            {"model":"math","messages":[{"role":"user","content":"q"}],"logprobs":true,"top_logprobs":3,"frequency_penalty":0.5,"presence_penalty":-1,
             "reasoning_effort":"minimal","verbosity":"low","user":"u","safety_identifier":"s","prompt_cache_key":"k","prompt_cache_retention":"24h",
             "metadata":{"feature":"search"},"store":false,"service_tier":"default",
             "response_format":{"type":"json_schema","json_schema":{"name":"x","description":"d","schema":{},"strict":true}}}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var request = Assert.Single(gateway.Cluster.Requests);
        Assert.Equal(3, request.TopLogProbabilities);
        Assert.Equal(
            (0.5, -1.0, ReasoningEffort.Minimal),
            (request.Sampling.FrequencyPenalty, request.Sampling.PresencePenalty, request.Sampling.ReasoningEffort));
        Assert.Equal(
            new ProviderFields { User = "u", SafetyIdentifier = "s", PromptCacheKey = "k", PromptCacheRetention = "24h", Verbosity = Verbosity.Low },
            request.ProviderFields);
        Assert.Equal([new RequestLabel { Name = "feature", Value = "search" }], request.Labels);
        Assert.Equal(("d", true), (request.Format!.SchemaDescription, request.Format.Strict));
    }

    [Fact]
    public async Task Ask_LogprobsWithoutAlternatives_AsksForNone()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync("""{"model":"math","messages":[{"role":"user","content":"q"}],"logprobs":true}""");

        Assert.Equal(0, Assert.Single(gateway.Cluster.Requests).TopLogProbabilities);
    }

    [Fact]
    public async Task Ask_AnsweredWithToolCallsAndLogprobs_HasOpenAiShape()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.Answer("") with
        {
            FinishReason = "tool_calls",
            ToolCalls = [new ToolCall { CallId = "call_1", Name = "weather", ArgumentsJson = "{\"city\":\"Città\"}" }],
            LogProbabilities = new AnswerLogProbabilities
            {
                Content =
                [
                    new TokenLogProbability
                    {
                        Chosen = new TokenAlternative { Token = "é", LogProbability = -0.5, Utf8Bytes = [195, 169] },
                        Top = [new TokenAlternative { Token = "e", LogProbability = -2 }],
                    },
                ],
                Truncated = true,
            },
        });

        using var response = await gateway.AskAsync();

        var choice = (await GatewayFixture.ReadAsync(response)).GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var message = choice.GetProperty("message");
        Assert.Equal(JsonValueKind.Null, message.GetProperty("content").ValueKind);
        Assert.Equal(JsonValueKind.Null, message.GetProperty("refusal").ValueKind);
        var call = Assert.Single(message.GetProperty("tool_calls").EnumerateArray());
        Assert.Equal(("call_1", "function"), (call.GetProperty("id").GetString(), call.GetProperty("type").GetString()));
        Assert.Equal("{\"city\":\"Città\"}", call.GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal(
            """{"content":[{"token":"é","logprob":-0.5,"bytes":[195,169],"top_logprobs":[{"token":"e","logprob":-2,"bytes":null}]}],"refusal":null}""",
            choice.GetProperty("logprobs").GetRawText());
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("x-cascade-logprobs-truncated")));
    }

    [Fact]
    public async Task Ask_Refused_HasTheRefusalAndNoContent()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.Answer("") with { RefusalText = "I would rather not." });

        using var response = await gateway.AskAsync();

        var message = (await GatewayFixture.ReadAsync(response)).GetProperty("choices")[0].GetProperty("message");
        Assert.Equal("I would rather not.", message.GetProperty("refusal").GetString());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("content").ValueKind);
        Assert.False(message.TryGetProperty("tool_calls", out _));
    }

    [Fact]
    public async Task Ask_RefusedByTheSilo_NamesTheField()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(
            Replies.Refusal(CascadeStatus.InvalidRequest, "messages[1].content[0].image_url.url: is no address; send one"));

        using var response = await gateway.AskAsync();

        Assert.Equal("messages[1].content[0].image_url.url", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("tools", """ "tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}] """, "has 2 tools; send at most 1")]
    [InlineData("messages", """ "metadata":{} """, "holds 2 images; send at most 1")]
    public async Task Ask_TooMany_NamesTheLimit(string param, string field, string said)
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => (limits.MaxTools, limits.MaxImages) = (1, 1));
        const string Image = """{"type":"image_url","image_url":{"url":"https://x/a.png"}}""";
        var content = param == "tools" ? "\"q\"" : $"[{Image},{Image}]";

        using var response = await gateway.AskAsync($$"""{"model":"m",{{field}},"messages":[{"role":"user","content":{{content}}}]}""");

        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Contains(said, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_TooManyPartsOrCalls_NamesTheLimit()
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => (limits.MaxContentParts, limits.MaxToolCalls) = (1, 1));
        const string Part = """{"type":"text","text":"x"}""";
        const string Call = """{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}""";

        using var response = await gateway.AskAsync(
            $$"""{"model":"m","messages":[{"role":"user","content":[{{Part}},{{Part}}]},{"role":"assistant","tool_calls":[{{Call}},{{Call}}]}]}""");

        var message = (await GatewayFixture.ReadErrorAsync(response)).GetProperty("message").GetString();
        Assert.Contains("'messages[0].content' has 2 parts; send at most 1", message, StringComparison.Ordinal);
        Assert.Contains("'messages[1].tool_calls' has 2 tool calls; send at most 1", message, StringComparison.Ordinal);
    }
}
