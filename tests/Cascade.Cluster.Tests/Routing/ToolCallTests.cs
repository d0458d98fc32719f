using System.Text.Json.Nodes;
using Cascade.Client;
using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Providers;
using Cascade.Verification;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

public sealed class ToolCallTests
{
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";

    private static readonly IVerifier Judge = VerifierFactory.Create(new VerifierConfig { Kind = "tool-call" });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_DraftCallsAToolWrongly_EscalatesOnTheVerdict()
    {
        await using var cluster = await StartAsync(Calling("""{"town":"Rome"}"""), Calling("""{"city":"Rome"}"""));

        var reply = await AskAsync(cluster, "cascade");

        Assert.Equal(("strong", true), (reply.Endpoint.Value, reply.Escalated));
        Assert.Equal([0.0, 1.0], reply.Attempts.Select(a => a.Score).Select(score => double.IsNaN(score) ? 1.0 : score));
        Assert.Equal("""{"city":"Rome"}""", Assert.Single(reply.ToolCalls).ArgumentsJson);
        Assert.Equal("tool_calls", reply.FinishReason);
        Assert.Contains("tool-arguments-mismatch", reply.Decisions.SelectMany(d => d.Verdicts).SelectMany(v => v.Evidence));
        Assert.Equal([1, 1], reply.Attempts.Select(a => a.ToolCallCount));
    }

    [Fact]
    public async Task Complete_DraftCallsAToolRightly_KeepsIt()
    {
        await using var cluster = await StartAsync(Calling("""{"city":"Rome"}"""), Calling("{}"));

        var reply = await AskAsync(cluster, "cascade");

        Assert.Equal(("cheap", false), (reply.Endpoint.Value, reply.Escalated));
    }

    [Fact]
    public async Task Complete_JudgeReadsLogProbabilities_AsksForThemAndKeepsThemFromTheCaller()
    {
        var cheap = Saying("41", -3);
        var model = Model(cheap, Saying("42", -0.01), VerifierFactory.Create(new VerifierConfig { Kind = "token-logprob" }));
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());

        var reply = await AskAsync(cluster, "cascade");
        var direct = await AskAsync(cluster, "cheap", topLogProbabilities: 0);

        Assert.Equal(("strong", true), (reply.Endpoint.Value, reply.Escalated));
        Assert.Equal(Math.Exp(-3), reply.Attempts[0].Score, 12);
        Assert.Equal(-3, reply.Attempts[0].MeanLogProbability);
        Assert.Null(reply.LogProbabilities);
        Assert.Equal(-3, Assert.Single(direct.LogProbabilities!.Content).Chosen.LogProbability);
        Assert.All(cheap.Served, served => Assert.Equal(0, CallFields.Of(served.Call.Options).TopLogProbabilities));
    }

    [Fact]
    public async Task Complete_MoreTokensThanAreKept_SaysThatSomeAreMissing()
    {
        var model = Model(Saying("41", -3, -2, -1), Saying("42", -0.01), Judge);
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build(), options => options.MaxLogProbabilityTokens = 2);

        var reply = await AskAsync(cluster, "cheap", topLogProbabilities: 0);

        Assert.True(reply.LogProbabilities!.Truncated);
        Assert.Equal([-3, -2], reply.LogProbabilities.Content.Select(token => token.Chosen.LogProbability));
    }

    [Fact]
    public async Task Complete_ImageBeforeAnEndpointWithoutABound_IsPassedOverBeforeAnythingIsReserved()
    {
        var cheap = ScriptedCaller.Answering("a cat");
        var strong = ScriptedCaller.Answering("a dog");
        var model = new TestModel()
            .Endpoint("cheap", cheap)
            .Endpoint("strong", strong, e => e with { MaxTokensPerImage = 1_000 })
            .Account("acme", 10_000 * TestModel.TokenNanos)
            .Route("cascade", "fallback-chain", verifier: null, "cheap", "strong");
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());

        var reply = await AskAsync(cluster, "cascade", WithImage);
        var refused = await AskAsync(cluster, "cheap", WithImage);

        Assert.Equal("strong", reply.Endpoint.Value);
        Assert.Equal(("no-images", Booking.None, 0L), (reply.Attempts[0].Error, reply.Attempts[0].Booking, reply.Attempts[0].ReservedNanos));
        Assert.Equal(CascadeStatus.InvalidRequest, refused.Status);
        Assert.Contains("MaxTokensPerImage", refused.Problem, StringComparison.Ordinal);
        Assert.Empty(cheap.Served);
    }

    [Fact]
    public async Task GetResponse_InsideFunctionInvokingChatClient_RunsTheLoopThroughTheClusterAndTheProvider()
    {
        await using var stub = await OpenAiStubServer.StartAsync(new LambdaChatClient((messages, _, _) => Task.FromResult(Turn(messages))));
        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging().AddCascadeProviders().BuildServiceProvider();
        var caller = services.GetRequiredService<IModelCallerFactory>().Create(
            "stub", new EndpointConfig { Provider = ProviderKinds.OpenAi, Model = "stub", BaseUrl = stub.BaseUrl });
        var model = new TestModel().Endpoint("stub", caller).Account("acme", 10_000 * TestModel.TokenNanos);
        await using var cluster = await CascadeTestCluster.StartAsync(1, model.Build());
        var asked = new List<string>();
        var weather = AIFunctionFactory.Create(
            (string city) =>
            {
                asked.Add(city);
                return "sunny";
            },
            "weather");
        using var client = new CascadeChatClient(
            new CascadeClient(cluster.Client, Options.Create(new CascadeClientOptions()), TimeProvider.System),
            new CascadeChatClientOptions { Account = new AccountId("acme"), DefaultModel = "stub" },
            TimeProvider.System);
        using var looping = client.AsBuilder().UseFunctionInvocation().Build();

        var response = await looping.GetResponseAsync("Rome?", new ChatOptions { Tools = [weather] }, Ct);

        Assert.Equal("It is sunny.", response.Text);
        Assert.Equal(["Rome"], asked);
        Assert.Equal(2, stub.Requests.Count);
        var second = JsonNode.Parse(stub.Requests[1].Body)!["messages"]!.AsArray();
        Assert.Equal(["user", "assistant", "tool"], second.Select(message => message!["role"]!.GetValue<string>()));
        Assert.Equal("call_1", second[2]!["tool_call_id"]!.GetValue<string>());
        Assert.Equal("sunny", second[2]!["content"]!.GetValue<string>());
        Assert.Equal(
            stub.Bills.Sum(bill => bill.OutputTokens * TestModel.TokenNanos),
            (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    private static Task<CascadeTestCluster> StartAsync(ScriptedCaller cheap, ScriptedCaller strong) =>
        CascadeTestCluster.StartAsync(1, Model(cheap, strong, Judge).Build());

    private static TestModel Model(ScriptedCaller cheap, ScriptedCaller strong, IVerifier judge) => new TestModel()
        .Endpoint("cheap", cheap, e => e with { Quality = 0.7 })
        .Endpoint("strong", strong, e => e with { Quality = 0.95 })
        .Account("acme", 10_000 * TestModel.TokenNanos)
        .Route("cascade", "threshold-pair", judge, "cheap", "strong");

    private static ScriptedCaller Calling(string arguments) => new((_, _) => Task.FromResult(ScriptedCaller.Answer("", 10, 10) with
    {
        FinishReason = "tool_calls",
        ToolCalls = [new ModelToolCall("call_1", "weather", arguments)],
    }));

    private static ScriptedCaller Saying(string text, params double[] logs) => new((_, _) => Task.FromResult(ScriptedCaller.Answer(text, 10, 10) with
    {
        LogProbabilities = new ModelLogProbabilities([.. logs.Select(log => new ModelToken(text, log, default))], []),
    }));

    private static Task<CascadeReply> AskAsync(CascadeTestCluster cluster, string model, int? topLogProbabilities = null) =>
        AskAsync(cluster, model, request => request with
        {
            Tools = [new ToolDefinition { Name = "weather", ParametersJson = Schema }],
            TopLogProbabilities = topLogProbabilities,
        });

    private static Task<CascadeReply> AskAsync(CascadeTestCluster cluster, string model, Func<CascadeRequest, CascadeRequest> change) =>
        cluster.Silo(0).GetGrain<ICascadeRouterGrain>(0).CompleteAsync(change(CascadeTestCluster.Request("acme", model)), Ct);

    private static CascadeRequest WithImage(CascadeRequest request) => request with
    {
        Messages =
        [
            new CascadeMessage
            {
                Role = ChatMessageRole.User,
                Parts = [ContentPart.OfText("What is it?"), ContentPart.OfImage("https://pictures.test/a.png", ImageDetail.Low)],
            },
        ],
    };

    private static ChatResponse Turn(IReadOnlyList<ChatMessage> messages)
    {
        var answer = messages[^1].Role == ChatRole.Tool
            ? new ChatMessage(ChatRole.Assistant, "It is sunny.")
            : new ChatMessage(
                ChatRole.Assistant, [new FunctionCallContent("call_1", "weather", new Dictionary<string, object?> { ["city"] = "Rome" })]);
        return new ChatResponse(answer)
        {
            FinishReason = messages[^1].Role == ChatRole.Tool ? ChatFinishReason.Stop : ChatFinishReason.ToolCalls,
            Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 },
        };
    }
}
