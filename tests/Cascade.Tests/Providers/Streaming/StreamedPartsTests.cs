using System.Text.Json.Nodes;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>What a stream brings beside its text, as a provider cuts it into pieces.</summary>
public sealed class StreamedPartsTests
{
    private const string Calls = """
        [{"index":0,"message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[
          {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{ \"city\": \"Citt\u00e0\" }"}},
          {"id":"call_2","type":"function","function":{"name":"now","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}]
        """;

    private const string Refusal = """
        [{"index":0,"message":{"role":"assistant","content":null,"refusal":"I would rather not."},"logprobs":null,"finish_reason":"stop"}]
        """;

    private const string Tokens = """
        [{"index":0,"message":{"role":"assistant","content":"4","refusal":null},"logprobs":{"content":[
          {"token":"4","logprob":-0.125,"bytes":[52],"top_logprobs":[{"token":"5","logprob":-2.5,"bytes":[53]}]}],"refusal":null},"finish_reason":"stop"}]
        """;

    [Fact]
    public async Task StreamAsync_CallsOfTools_AreWholeAndBilledByTheProvidersCount()
    {
        var result = await StreamAsync(Calls);

        Assert.Equal((ModelCallStatus.Answered, BillingCertainty.Reported, 12L, 7L), (result.Status, result.Billing, result.InputTokens, result.OutputTokens));
        Assert.Equal([new ModelToolCall("call_1", "weather", "{ \"city\": \"Città\" }"), new ModelToolCall("call_2", "now", "{}")], result.ToolCalls);
        Assert.Equal("tool_calls", result.FinishReason);
        Assert.NotNull(result.TimeToFirstChunk);
    }

    [Fact]
    public async Task StreamAsync_Refusal_IsWholeAndBilledByTheProvidersCount()
    {
        var result = await StreamAsync(Refusal);

        Assert.Equal((BillingCertainty.Reported, 7L, "I would rather not.", ""), (result.Billing, result.OutputTokens, result.RefusalText, result.Text));
    }

    [Fact]
    public async Task StreamAsync_LogProbabilities_AreThere()
    {
        var result = await StreamAsync(Tokens);

        var token = Assert.Single(result.LogProbabilities!.Content);
        Assert.Equal(("4", -0.125, "5"), (token.Text, token.LogProbability, Assert.Single(token.Top).Text));
    }

    [Theory]
    [InlineData(Calls, 600)]
    [InlineData(Refusal, 500)]
    public async Task StreamAsync_CutAfterPiecesWithoutText_HoldsFromWhatThosePiecesCost(string choices, int cut)
    {
        var result = await StreamAsync(choices, new StubFault.CutStream(cut));

        Assert.Equal((ModelCallStatus.ConnectionLost, BillingCertainty.Unknown), (result.Status, result.Billing));
        Assert.InRange(result.LeastOutputTokens, 1, 7);
        Assert.InRange(result.LeastInputTokens, 1, 12);
    }

    private static async Task<ModelCallResult> StreamAsync(string choices, StubFault? fault = null)
    {
        await using var stub = await OpenAiStubServer.StartAsync(new LambdaChatClient((_, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, ""))
        {
            RawRepresentation = JsonNode.Parse(choices),
            Usage = new UsageDetails { InputTokenCount = 12, OutputTokenCount = 7, TotalTokenCount = 19 },
        })));
        if (fault is not null)
            stub.Enqueue(fault);
        using var factory = new ModelCallerFactory(CallerFixture.NewClock());
        var caller = factory.Create("cheap", new EndpointConfig { Provider = ProviderKinds.OpenAi, Model = "stub", BaseUrl = stub.BaseUrl, TimeoutSeconds = 60 });
        return await caller.StreamAsync(StreamFixture.Call(), new RecordingSink(), TestContext.Current.CancellationToken);
    }
}
