using System.Text.Json;
using Cascade.Client;
using Cascade.Contracts;
using Cascade.Tests.Gateway;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Client;

public sealed class CascadeChatClientTests
{
    private readonly FakeCascadeClient _cluster = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_EveryOption_ReachesTheClusterAndStaysUnchanged()
    {
        using var schema = JsonDocument.Parse("""{"type":"object"}""");
        var options = new ChatOptions
        {
            ModelId = "math",
            Instructions = "be short",
            Temperature = 0.1f,
            TopP = 0.9f,
            Seed = 7,
            MaxOutputTokens = 50,
            StopSequences = ["x"],
            ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement.Clone(), "answer"),
            AdditionalProperties = new() { [CascadeProperties.Account] = "acme/other", [CascadeProperties.OperationId] = "op-1" },
        };
        var before = JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions);

        await Client().GetResponseAsync([new(ChatRole.User, "q")], options, Cancelled);

        var request = Assert.Single(_cluster.Requests);
        Assert.Equal(("op-1", "acme/other", "math"), (request.Operation.Value, request.Account.Value, request.Model));
        Assert.Equal([(ChatMessageRole.System, "be short"), (ChatMessageRole.User, "q")], request.Messages.Select(m => (m.Role, m.Text)));
        Assert.Equal((0.1, 0.9, 7L, 50), (request.Sampling.Temperature, request.Sampling.TopP, request.Sampling.Seed, request.Sampling.MaxOutputTokens));
        Assert.Equal(["x"], request.Sampling.Stop);
        Assert.Equal((AnswerFormatKind.JsonSchema, "answer"), (request.Format!.Kind, request.Format.SchemaName));
        Assert.Equal(before, JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions));
    }

    [Fact]
    public async Task GetResponse_Answered_CarriesModelUsageAndCost()
    {
        var response = await Client().GetResponseAsync("q", cancellationToken: Cancelled);

        Assert.Equal("42", response.Text);
        Assert.Equal("openai/gpt-4o-mini@eastus", response.ModelId);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(18, response.Usage?.TotalTokenCount);
        Assert.Equal(_cluster.Requests.Single().Operation.Value, response.ResponseId);
        Assert.Equal(127_500L, response.AdditionalProperties?[CascadeProperties.CostNanos]);
        Assert.Equal(true, response.AdditionalProperties?[CascadeProperties.Escalated]);
        Assert.Equal(Replies.TraceId, response.AdditionalProperties?[CascadeProperties.TraceId]);
    }

    [Fact]
    public async Task GetStreamingResponse_Answered_SaysTheSameAsTheWholeResponse()
    {
        var updates = await Client().GetStreamingResponseAsync("q", cancellationToken: Cancelled).ToListAsync(Cancelled);
        var whole = updates.ToChatResponse();

        Assert.Equal("42", whole.Text);
        Assert.Equal(18, whole.Usage?.TotalTokenCount);
        Assert.Equal(ChatFinishReason.Stop, whole.FinishReason);
        Assert.Equal(127_500L, whole.AdditionalProperties?[CascadeProperties.CostNanos]);
    }

    [Fact]
    public async Task GetResponse_NoMoney_ThrowsWithScopeAmountsAndReset()
    {
        _cluster.OnComplete = (_, _) => Task.FromResult(Replies.NoMoney(50, 100, Replies.ResetsAt));

        var refused = await Assert.ThrowsAsync<BudgetExceededException>(() => Client().GetResponseAsync("q", cancellationToken: Cancelled));

        Assert.Equal("acme/search day", refused.Scope);
        Assert.Equal((12_345L, 50L, Replies.ResetsAt), (refused.RemainingNanos, refused.NeededNanos, refused.ResetsAt));
        Assert.Equal((CascadeStatus.InsufficientQuota, Replies.TraceId), (refused.Status, refused.TraceId));
        Assert.False(refused.IsTransient);
    }

    [Fact]
    public async Task GetResponse_Refused_ThrowsWithTheStatus()
    {
        _cluster.OnComplete = (_, _) => Task.FromResult(Replies.Refusal(CascadeStatus.Overloaded, "busy"));

        var refused = await Assert.ThrowsAsync<CascadeRefusedException>(() => Client().GetResponseAsync("q", cancellationToken: Cancelled));

        Assert.Equal((CascadeStatus.Overloaded, "busy", true), (refused.Status, refused.Message, refused.IsTransient));
    }

    public static TheoryData<string> Unsupported => [nameof(ChatOptions.Tools), nameof(ChatOptions.TopK), nameof(ChatOptions.ConversationId), "audio", "tool"];

    [Theory]
    [MemberData(nameof(Unsupported))]
    public async Task GetResponse_Unsupported_IsNamed(string what)
    {
        var options = what switch
        {
            nameof(ChatOptions.Tools) => new ChatOptions { Tools = [new HostedWebSearchTool()] },
            nameof(ChatOptions.TopK) => new ChatOptions { TopK = 5 },
            nameof(ChatOptions.ConversationId) => new ChatOptions { ConversationId = "c" },
            _ => new ChatOptions(),
        };
        var message = what switch
        {
            "audio" => new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "audio/wav")]),
            "tool" => new ChatMessage(ChatRole.Tool, "x"),
            _ => new ChatMessage(ChatRole.User, "q"),
        };

        var refused = await Assert.ThrowsAsync<NotSupportedException>(() => Client().GetResponseAsync([message], options, Cancelled));

        Assert.Contains(what == "audio" ? nameof(DataContent) : what, refused.Message, StringComparison.Ordinal);
        Assert.Empty(_cluster.Requests);
    }

    [Fact]
    public void GetService_Metadata_NamesTheProviderAndModel()
    {
        var metadata = Client().GetService<ChatClientMetadata>();

        Assert.Equal(("cascade", "math"), (metadata?.ProviderName, metadata?.DefaultModelId));
        Assert.Same(_cluster, Client().GetService<ICascadeClient>());
        Assert.Null(Client().GetService<ChatClientMetadata>("key"));
    }

    private CascadeChatClient Client() =>
        new(_cluster, new CascadeChatClientOptions { Account = new AccountId("acme"), DefaultModel = "math" }, new FakeTimeProvider());
}
