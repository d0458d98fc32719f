using System.Text.Json;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>Each provider's own protocol over real HTTP: what is sent, what is understood, what is billed, and who is to blame.</summary>
public sealed class ProviderProtocolTests : IAsyncLifetime
{
    private const string Variable = "CASCADE_TEST_ENDPOINT_KEY";
    private const string TenantVariable = "CASCADE_TEST_TENANT_KEY";
    private const string EndpointKey = "endpoint-key";
    private const string TenantKey = "tenant-key";

    private const string Completion = """
        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"42","refusal":null},"finish_reason":"stop"}],
        "usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25,"prompt_cache_hit_tokens":12,"cached_tokens":11,"completion_tokens_details":{"reasoning_tokens":3}}}
        """;

    private const string Response = """
        {"id":"resp_1","object":"response","created_at":1,"status":"completed","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":77,"model":"m",
        "output":[{"type":"reasoning","id":"rs_1","summary":[]},
        {"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"42","annotations":[]}]}],
        "parallel_tool_calls":true,"previous_response_id":null,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled",
        "usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":30},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123},"user":null,"metadata":{}}
        """;

    private const string Message = """
        {"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"42","citations":null}],"stop_reason":"end_turn","stop_sequence":null,
        "container":null,"stop_details":null,"usage":{"input_tokens":9,"cache_creation_input_tokens":200,"cache_read_input_tokens":1000,"output_tokens":6,
        "server_tool_use":{"web_search_requests":2,"web_fetch_requests":0},"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":0},
        "service_tier":"standard","inference_geo":null}}
        """;

    // A line is a whole answer in this protocol.
    private const string Ollama = """
        {"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"42"},"done":true,"done_reason":"stop","total_duration":1,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":1,"eval_count":3,"eval_duration":1}
        """;

    private readonly ModelCallerFactory _factory = new(TimeProvider.System);
    private JsonStubServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, EndpointKey);
        Environment.SetEnvironmentVariable(TenantVariable, TenantKey);
        _server = await JsonStubServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _factory.Dispose();
        await _server.DisposeAsync();
    }

    public static TheoryData<string, string, string, string, string> Protocols => new()
    {
        { ProviderKinds.OpenAi, Completion, "/v1/chat/completions", "Authorization", "Bearer " },
        { ProviderKinds.AzureOpenAi, Completion, "/openai/v1/chat/completions", "api-key", "" },
        { ProviderKinds.Anthropic, Message, "/v1/messages", "x-api-key", "" },
        { ProviderKinds.Ollama, Ollama, "/api/chat", "Authorization", "Bearer " },
    };

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task CallAsync_EachProvider_SendsLimitAttemptAndItsOneKey(string provider, string body, string target, string header, string prefix)
    {
        var result = await CallAsync(body, config => config.Provider = provider);

        var request = Assert.Single(_server.Requests);
        Assert.Equal((ModelCallStatus.Answered, "42", "stop"), (result.Status, result.Text, result.FinishReason));
        Assert.Equal((target, prefix + EndpointKey, "attempt-1"), (request.Target, request.Header(header), request.Header("X-Client-Request-Id")));
        Assert.Single(new[] { "Authorization", "api-key", "x-api-key" }, name => request.Header(name).Length > 0);
        Assert.Contains("77", request.Body, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task CallAsync_TenantBringsAKey_OnlyThatKeyIsSentAndOnlyWithItsCall(string provider, string body, string target, string header, string prefix)
    {
        var caller = Caller(config => config.Provider = provider);
        _server.Body = body;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => caller.CallAsync(
            Call($"attempt-{n}", n % 2 == 0 ? ProviderKey.FromEnvironment(TenantVariable) : null), TestContext.Current.CancellationToken)));

        Assert.All(_server.Requests, request =>
        {
            var number = int.Parse(request.Header("X-Client-Request-Id")["attempt-".Length..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal((target, prefix + (number % 2 == 0 ? TenantKey : EndpointKey)), (request.Target, request.Header(header)));
        });
        Assert.Equal(20, _server.Requests.Count);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task CallAsync_TenantsKeyIsMissing_IsNotReplacedByTheEndpoints(string provider, string body, string target, string header, string prefix)
    {
        _server.Body = body;

        var result = await Caller(config => config.Provider = provider).CallAsync(
            Call("attempt-1", ProviderKey.FromEnvironment("CASCADE_TEST_NO_SUCH_KEY")), TestContext.Current.CancellationToken);

        Assert.Equal((ModelCallStatus.Unauthorized, BillingCertainty.NotBilled, "key-missing"), (result.Status, result.Billing, result.Error));
        Assert.Empty(_server.Requests);
        Assert.NotEmpty(target + header + prefix);
    }

    [Theory]
    [InlineData(ProviderKinds.AzureOpenAi, 400, ModelCallStatus.RejectedRequest)]
    [InlineData(ProviderKinds.AzureOpenAi, 429, ModelCallStatus.RateLimited)]
    [InlineData(ProviderKinds.Anthropic, 400, ModelCallStatus.RejectedRequest)]
    [InlineData(ProviderKinds.Anthropic, 401, ModelCallStatus.Unauthorized)]
    [InlineData(ProviderKinds.Anthropic, 429, ModelCallStatus.RateLimited)]
    [InlineData(ProviderKinds.Anthropic, 529, ModelCallStatus.ProviderError)]
    [InlineData(ProviderKinds.Ollama, 404, ModelCallStatus.RejectedRequest)]
    [InlineData(ProviderKinds.Ollama, 500, ModelCallStatus.ProviderError)]
    public async Task CallAsync_ErrorStatus_IsOneAttemptWithItsBlameAndNoBill(string provider, int code, ModelCallStatus status)
    {
        _server.Status = code;

        var result = await CallAsync("""{"type":"error","error":{"type":"scripted","message":"scripted"}}""", config => config.Provider = provider);

        Assert.Equal((status, BillingCertainty.NotBilled, $"http-{code}"), (result.Status, result.Billing, result.Error));
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(ProviderKinds.AzureOpenAi, "{")]
    [InlineData(ProviderKinds.Anthropic, "{")]
    [InlineData(ProviderKinds.Anthropic, "{}")]
    [InlineData(ProviderKinds.Ollama, "{")]
    [InlineData(ProviderKinds.Ollama, """{"error":"boom"}""")]
    public async Task CallAsync_BodyThatIsNoAnswer_MayBeBilled(string provider, string body)
    {
        var result = await CallAsync(body, config => config.Provider = provider);

        Assert.Equal((ModelCallStatus.MalformedResponse, BillingCertainty.Unknown), (result.Status, result.Billing));
    }

    [Fact]
    public async Task CallAsync_AzureWithADatedVersion_AsksTheDeploymentOfThatVersion()
    {
        await CallAsync(Completion, config => (config.Provider, config.ApiVersion) = (ProviderKinds.AzureOpenAi, "2024-10-21"));

        Assert.Equal("/openai/deployments/m/chat/completions?api-version=2024-10-21", Assert.Single(_server.Requests).Target);
    }

    [Theory]
    [InlineData(ProviderKinds.OpenAi, null, "/v1/responses")]
    [InlineData(ProviderKinds.AzureOpenAi, null, "/openai/v1/responses")]
    [InlineData(ProviderKinds.AzureOpenAi, "2025-04-01-preview", "/openai/responses?api-version=2025-04-01-preview")]
    public async Task CallAsync_Responses_StoresNothingAndCountsCacheAndReasoning(string provider, string? version, string target)
    {
        var result = await CallAsync(Response, config => (config.Provider, config.Api, config.ApiVersion) = (provider, OpenAiApis.Responses, version));

        var request = Assert.Single(_server.Requests);
        var sent = JsonDocument.Parse(request.Body).RootElement;
        Assert.Equal(target, request.Target);
        Assert.Equal((false, 77), (sent.GetProperty("store").GetBoolean(), sent.GetProperty("max_output_tokens").GetInt32()));
        Assert.Equal(("42", "stop", BillingCertainty.Reported), (result.Text, result.FinishReason, result.Billing));
        Assert.Equal(new BilledUsage { InputTokens = 36, CachedInputTokens = 30, OutputTokens = 87, ReasoningTokens = 64 }, result.Usage);
    }

    [Theory]
    [InlineData("failed", "{\"code\":\"server_error\",\"message\":\"The model failed.\"}")]
    [InlineData("cancelled", "null")]
    public async Task CallAsync_ResponsesHaveFailed_IsNoEmptyAnswerAtTheWholeLimit(string status, string error)
    {
        var body = Response.Replace("\"status\":\"completed\",\"error\":null", $"\"status\":\"{status}\",\"error\":{error}", StringComparison.Ordinal);
        body = body[..body.IndexOf("\"output\"", StringComparison.Ordinal)] + """ "output":[],"parallel_tool_calls":true,"tools":[],"usage":null,"metadata":{}} """;

        var result = await CallAsync(body, config => (config.Provider, config.Api) = (ProviderKinds.OpenAi, OpenAiApis.Responses));

        Assert.Equal((ModelCallStatus.ProviderError, BillingCertainty.Unknown, "error-in-answer"), (result.Status, result.Billing, result.Error));
    }

    [Fact]
    public async Task CallAsync_ResponsesCutAtTheLimit_SaysLength()
    {
        var cut = Response.Replace("\"status\":\"completed\",\"error\"", "\"status\":\"incomplete\",\"error\"", StringComparison.Ordinal)
            .Replace("\"incomplete_details\":null", "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}", StringComparison.Ordinal);

        var result = await CallAsync(cut, config => (config.Provider, config.Api) = (ProviderKinds.OpenAi, OpenAiApis.Responses));

        Assert.Equal("length", result.FinishReason);
    }

    [Fact]
    public async Task CallAsync_Anthropic_CountsTheCacheInsideThePromptAndBilledSearches()
    {
        var result = await CallAsync(Message, config => config.Provider = ProviderKinds.Anthropic);

        Assert.Equal(BillingCertainty.Reported, result.Billing);
        Assert.Equal(
            new BilledUsage { InputTokens = 1209, CachedInputTokens = 1000, CacheWriteTokens = 200, OutputTokens = 6, ToolCalls = 2 }, result.Usage);
    }

    [Theory]
    [InlineData("max_tokens", "length")]
    [InlineData("refusal", "content_filter")]
    public async Task CallAsync_AnthropicStopReason_IsTheCommonOne(string reason, string finish)
    {
        var result = await CallAsync(
            Message.Replace("end_turn", reason, StringComparison.Ordinal), config => config.Provider = ProviderKinds.Anthropic);

        Assert.Equal((ModelCallStatus.Answered, finish), (result.Status, result.FinishReason));
    }

    [Fact]
    public async Task CallAsync_OllamaDoesNotCountAPromptItHadCached_EstimatesIt()
    {
        var result = await CallAsync(
            Ollama.Replace("\"prompt_eval_count\":26,", "", StringComparison.Ordinal), config => config.Provider = ProviderKinds.Ollama);

        Assert.Equal((BillingCertainty.Estimated, 3), (result.Billing, result.OutputTokens));
        Assert.True(result.InputTokens >= "What is 6 * 7?".Length);
    }

    [Theory]
    [InlineData("openai", "max_completion_tokens", 0)]
    [InlineData("vllm", "max_tokens", 0)]
    [InlineData("groq", "max_completion_tokens", 0)]
    [InlineData("together", "max_tokens", 11)]
    [InlineData("deepseek", "max_tokens", 12)]
    [InlineData("gemini", "max_tokens", 0)]
    public async Task CallAsync_CompatibleServer_GetsItsFieldsAndCountsItsCache(string server, string field, long cached)
    {
        var result = await CallAsync(Completion, config => (config.Provider, config.Compatible) = (ProviderKinds.OpenAi, server));

        Assert.Equal(77, JsonDocument.Parse(Assert.Single(_server.Requests).Body).RootElement.GetProperty(field).GetInt32());
        Assert.Equal(new BilledUsage { InputTokens = 20, CachedInputTokens = cached, OutputTokens = 5, ReasoningTokens = 3 }, result.Usage);
    }

    private Task<ModelCallResult> CallAsync(string body, Action<EndpointConfig> change)
    {
        _server.Body = body;
        return Caller(change).CallAsync(Call("attempt-1"), TestContext.Current.CancellationToken);
    }

    private IModelCaller Caller(Action<EndpointConfig> change)
    {
        var config = new EndpointConfig { Model = "m", BaseUrl = _server.Address, ApiKeyEnvironment = Variable };
        change(config);
        return _factory.Create("endpoint", config);
    }

    private static ModelCall Call(string attempt, ProviderKey? key = null) => new()
    {
        AttemptId = attempt,
        Messages = [new ChatMessage(ChatRole.System, "Be brief."), new ChatMessage(ChatRole.User, "What is 6 * 7?")],
        Options = new ChatOptions { MaxOutputTokens = 77 },
        Timeout = TimeSpan.FromMinutes(1),
        Key = key,
    };
}
