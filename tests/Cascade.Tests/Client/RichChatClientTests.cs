using System.Text.Json;
using Cascade.Client;
using Cascade.Contracts;
using Cascade.Tests.Gateway;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Client;

public sealed class RichChatClientTests
{
    private readonly FakeCascadeClient _cluster = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_ToolsAndChoices_ReachTheCluster()
    {
        var weather = AIFunctionFactory.Create((string city) => "sunny", "weather", "Says it.");
        var options = new ChatOptions
        {
            Tools = [weather],
            ToolMode = ChatToolMode.RequireSpecific("weather"),
            AllowMultipleToolCalls = false,
            FrequencyPenalty = 0.5f,
            PresencePenalty = -0.5f,
            Reasoning = new ReasoningOptions { Effort = Microsoft.Extensions.AI.ReasoningEffort.High },
            AdditionalProperties = new()
            {
                [CascadeProperties.TopLogProbabilities] = 3,
                [CascadeProperties.ProviderFields] = new ProviderFields { User = "u" },
                [CascadeProperties.Labels] = new Dictionary<string, string> { ["feature"] = "search" },
                [CascadeProperties.Allow] = new EndpointFilter { Regions = ["eu"] },
                [CascadeProperties.Priority] = RequestPriority.Batch,
            },
        };

        await Client().GetResponseAsync("q", options, Cancelled);

        var request = Assert.Single(_cluster.Requests);
        var tool = Assert.Single(request.Tools);
        Assert.Equal(("weather", "Says it.", weather.JsonSchema.GetRawText()), (tool.Name, tool.Description, tool.ParametersJson));
        Assert.Equal(new ToolChoice { Kind = ToolChoiceKind.Function, Name = "weather" }, request.ToolChoice);
        Assert.False(request.ParallelToolCalls);
        Assert.Equal((0.5, -0.5, Contracts.ReasoningEffort.High), (request.Sampling.FrequencyPenalty, request.Sampling.PresencePenalty, request.Sampling.ReasoningEffort));
        Assert.Equal(["eu"], request.Allow!.Regions);
        Assert.Equal(RequestPriority.Batch, request.Priority);
        Assert.Equal((3, "u", "search"), (request.TopLogProbabilities, request.ProviderFields?.User, request.Labels[0].Value));
    }

    [Fact]
    public async Task GetResponse_Images_BecomePartsInOrder()
    {
        var message = new ChatMessage(
            ChatRole.User,
            [
                new TextContent("What?"), new DataContent("data:image/png;base64,AAAA"),
                new UriContent("https://x/a.png", "image/png") { AdditionalProperties = new() { ["detail"] = "low" } },
            ]);

        await Client().GetResponseAsync([message], cancellationToken: Cancelled);

        Assert.Equal(
            [
                ContentPart.OfText("What?"), ContentPart.OfImage("data:image/png;base64,AAAA", ImageDetail.None),
                ContentPart.OfImage("https://x/a.png", ImageDetail.Low),
            ],
            Assert.Single(Assert.Single(_cluster.Requests).Messages).Parts);
    }

    [Fact]
    public async Task GetResponse_ToolCalls_TravelBothWaysAsTheModelWroteThem()
    {
        _cluster.OnComplete = (_, _) => Task.FromResult(Replies.Answer("") with
        {
            FinishReason = "tool_calls",
            ToolCalls =
            [
                new ToolCall { CallId = "call_1", Name = "weather", ArgumentsJson = "{ \"city\" : \"Rome\" }" },
                new ToolCall { CallId = "call_2", Name = "now", ArgumentsJson = "" },
                new ToolCall { CallId = "call_3", Name = "weather", ArgumentsJson = "{ broken" },
            ],
        });

        var response = await Client().GetResponseAsync("q", cancellationToken: Cancelled);

        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
        var calls = response.Messages[0].Contents.Cast<FunctionCallContent>().ToList();
        Assert.Equal("Rome", ((JsonElement)calls[0].Arguments!["city"]!).GetString());
        Assert.Empty(calls[1].Arguments!);
        Assert.NotNull(calls[2].Exception);
        var results = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("call_1", "sunny"), new FunctionResultContent("call_2", new { hour = 7 })]);
        await Client().GetResponseAsync([new ChatMessage(ChatRole.User, "q"), response.Messages[0], results], cancellationToken: Cancelled);

        var again = _cluster.Requests[1].Messages;
        Assert.Equal(["{ \"city\" : \"Rome\" }", "", "{ broken"], again[1].ToolCalls.Select(call => call.ArgumentsJson));
        Assert.Equal([("call_1", "sunny"), ("call_2", "{\"hour\":7}")], again.Skip(2).Select(m => (m.ToolCallId!, m.Text)));
    }

    [Fact]
    public async Task GetResponse_Refusal_ComesAsErrorContentAndGoesBackAsRefusal()
    {
        _cluster.OnComplete = (_, _) => Task.FromResult(Replies.Answer("") with { RefusalText = "I would rather not." });

        var response = await Client().GetResponseAsync("q", cancellationToken: Cancelled);

        Assert.Equal("I would rather not.", Assert.IsType<ErrorContent>(Assert.Single(response.Messages[0].Contents)).Message);
        await Client().GetResponseAsync([new ChatMessage(ChatRole.User, "q"), response.Messages[0]], cancellationToken: Cancelled);
        Assert.Equal("I would rather not.", _cluster.Requests[1].Messages[1].RefusalText);
    }

    [Fact]
    public async Task GetResponse_LogProbabilities_AreInTheAdditionalProperties()
    {
        var tokens = new AnswerLogProbabilities { Content = [new TokenLogProbability { Chosen = new TokenAlternative { Token = "42", LogProbability = -0.1 } }] };
        _cluster.OnComplete = (_, _) => Task.FromResult(Replies.Answer() with { LogProbabilities = tokens });

        var response = await Client().GetResponseAsync("q", cancellationToken: Cancelled);

        Assert.Same(tokens, response.AdditionalProperties?[CascadeProperties.LogProbabilities]);
    }

    [Fact]
    public async Task GetResponse_PropertyOfAnotherType_IsNamed()
    {
        var options = new ChatOptions { AdditionalProperties = new() { [CascadeProperties.TopLogProbabilities] = "3" } };

        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => Client().GetResponseAsync("q", options, Cancelled));

        Assert.Contains($"'{CascadeProperties.TopLogProbabilities}'] is not Int32", wrong.Message, StringComparison.Ordinal);
    }

    private CascadeChatClient Client() =>
        new(_cluster, new CascadeChatClientOptions { Account = new AccountId("acme"), DefaultModel = "math" }, new FakeTimeProvider());
}
