using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cascade.Contracts;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class ChatCompletionsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ask_ReplyOfAnEarlierRun_IsTheSameBytesAndSaysSo()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var origin = new ReplyOrigin { Operation = new OperationId("order-7.first"), At = GatewayFixture.Start };
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.Answer() with { Origin = origin });
        gateway.Http.DefaultRequestHeaders.Add("Idempotency-Key", "order-7");
        using var first = await gateway.AskAsync();
        gateway.Time.Advance(TimeSpan.FromMinutes(5));
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.Answer() with { Origin = origin, Replayed = true, CostNanos = 0 });

        using var again = await gateway.AskAsync();

        Assert.Equal(await first.Content.ReadAsStringAsync(Cancelled), await again.Content.ReadAsStringAsync(Cancelled));
        Assert.False(first.Headers.Contains("x-cascade-replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("x-cascade-replayed")));
        Assert.Equal("0.000000000", Assert.Single(again.Headers.GetValues("x-cascade-cost-usd")));
        Assert.All(gateway.Cluster.Requests, request => Assert.Equal("order-7", request.IdempotencyKey));
    }

    [Fact]
    public async Task Ask_Answered_HasOpenAiShapeAndCascadeHeaders()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var body = await GatewayFixture.ReadAsync(response);
        Assert.StartsWith("chatcmpl-", body.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("chat.completion", body.GetProperty("object").GetString());
        Assert.Equal(GatewayFixture.Start.ToUnixTimeSeconds(), body.GetProperty("created").GetInt64());
        Assert.Equal("openai/gpt-4o-mini@eastus", body.GetProperty("model").GetString());
        var choice = Assert.Single(body.GetProperty("choices").EnumerateArray());
        Assert.Equal(0, choice.GetProperty("index").GetInt32());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal("assistant", choice.GetProperty("message").GetProperty("role").GetString());
        Assert.Equal("42", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind);
        Assert.Equal(11, body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(7, body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(18, body.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal("0.000127500", Header(response, "x-cascade-cost-usd"));
        Assert.Equal("openai/gpt-4o-mini@eastus", Header(response, "x-cascade-model"));
        Assert.Equal("true", Header(response, "x-cascade-escalated"));
        Assert.Equal("2", Header(response, "x-cascade-attempts"));
        Assert.Equal("false", Header(response, "x-cascade-budget-limited"));
        Assert.Equal(Replies.TraceId, Header(response, "x-cascade-trace-id"));
        Assert.StartsWith("req-", Header(response, "x-request-id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_EveryParameter_ReachesTheCluster()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync("""
            {"model":"math","max_completion_tokens":50,"max_tokens":50,"temperature":0.1,"top_p":0.9,"seed":-5,"n":1,"stop":["a","b"],
             "stream":false,"user":"u","metadata":{"a":"b"},"store":false,"service_tier":"auto","tools":[],"logprobs":false,
             "frequency_penalty":0,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"},"strict":true}},
             "messages":[{"role":"developer","content":"be short"},{"role":"assistant","content":null,"tool_calls":null,"content":"hi"}]}
            """.Replace("\"content\":null,", "", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var request = Assert.Single(gateway.Cluster.Requests);
        Assert.Equal(GatewayFixture.Account, request.Account.Value);
        Assert.Equal("math", request.Model);
        Assert.Equal(
            [(ChatMessageRole.System, "be short"), (ChatMessageRole.Assistant, "hi")],
            request.Messages.Select(m => (m.Role, m.Text)));
        Assert.Equal(50, request.Sampling.MaxOutputTokens);
        Assert.Equal(0.1, request.Sampling.Temperature);
        Assert.Equal(0.9, request.Sampling.TopP);
        Assert.Equal(-5, request.Sampling.Seed);
        Assert.Equal(["a", "b"], request.Sampling.Stop);
        Assert.Equal(AnswerFormatKind.JsonSchema, request.Format?.Kind);
        Assert.Equal("x", request.Format?.SchemaName);
        Assert.Equal("""{"type":"object"}""", request.Format?.SchemaJson);
    }

    [Fact]
    public async Task Ask_TextParts_AreJoined()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync("""
            {"model":"math","messages":[{"role":"user","content":[{"type":"text","text":"6*"},{"type":"text","text":"7?"}]}]}
            """);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("6*7?", Assert.Single(Assert.Single(gateway.Cluster.Requests).Messages).Text);
    }

    [Fact]
    public async Task Ask_SameIdempotencyKeyTwice_GivesTwoOperationsWithThatPrefix()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Http.DefaultRequestHeaders.Add("Idempotency-Key", "order-7");

        using var first = await gateway.AskAsync();
        using var second = await gateway.AskAsync();

        var ids = gateway.Cluster.Requests.Select(r => r.Operation.Value).ToArray();
        Assert.All(ids, id => Assert.StartsWith("order-7.", id, StringComparison.Ordinal));
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal(ids[1], Header(second, "x-request-id"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task Ask_BadIdempotencyKey_NamesTheHeader(string value)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Http.DefaultRequestHeaders.TryAddWithoutValidation("Idempotency-Key", value);

        using var response = await gateway.AskAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("Idempotency-Key", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("param").GetString());
        Assert.Empty(gateway.Cluster.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic csk-of-acme")]
    public async Task Ask_MissingOrWrongKey_IsInvalidApiKey(string? header)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Http.DefaultRequestHeaders.Authorization = null;
        if (header is not null)
        {
            gateway.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        }

        foreach (var path in (string[])["/v1/models", "/v1/models/math", "/v1/budget"])
        {
            using var read = await gateway.Http.GetAsync(path, Cancelled);
            Assert.Equal(HttpStatusCode.Unauthorized, read.StatusCode);
            Assert.Equal("invalid_api_key", (await GatewayFixture.ReadErrorAsync(read)).GetProperty("code").GetString());
        }

        using var response = await gateway.AskAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("code").GetString());
        Assert.Empty(gateway.Cluster.Requests);
    }

    [Fact]
    public async Task Ask_NoLongerWanted_CancelsTheCluster()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var asked = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        gateway.Cluster.OnComplete = async (_, token) =>
        {
            using var registration = token.Register(() => cancelled.TrySetResult());
            asked.SetResult();
            await cancelled.Task;
            return Replies.Refusal(CascadeStatus.Cancelled);
        };
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        using var content = new StringContent("""{"model":"m","messages":[{"role":"user","content":"q"}]}""", Encoding.UTF8, "application/json");
        var pending = gateway.Http.PostAsync(GatewayFixture.Chat, content, leave.Token);

        await asked.Task.WaitAsync(Cancelled);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await cancelled.Task.WaitAsync(Cancelled);
    }

    [Fact]
    public async Task Ask_LongerThanTheLimit_IsRequestTimeout()
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => limits.RequestTimeout = TimeSpan.FromSeconds(30));
        var asked = new TaskCompletionSource();
        gateway.Cluster.OnComplete = async (_, token) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return Replies.Answer();
        };
        var pending = gateway.AskAsync();

        await asked.Task.WaitAsync(Cancelled);
        gateway.Time.Advance(TimeSpan.FromSeconds(31));

        using var response = await pending;
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("request_timeout", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(1, 512)]
    [InlineData(1024, 1)]
    public async Task Ask_AboveAConcurrencyLimit_IsOverloadedWithRetryAfter(int ofAll, int ofTheAccount)
    {
        await using var gateway = await GatewayFixture.StartAsync(limits =>
        {
            limits.MaxConcurrentRequests = ofAll;
            limits.MaxConcurrentRequestsPerAccount = ofTheAccount;
        });
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        gateway.Cluster.OnComplete = async (_, _) =>
        {
            asked.SetResult();
            await go.Task;
            return Replies.Answer();
        };
        var first = gateway.AskAsync();
        await asked.Task.WaitAsync(Cancelled);

        using var second = await gateway.AskAsync();
        go.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal("overloaded", (await GatewayFixture.ReadErrorAsync(second)).GetProperty("code").GetString());
        Assert.Equal(TimeSpan.FromSeconds(1), second.Headers.RetryAfter?.Delta);
        using var served = await first;
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Theory]
    [InlineData("{\"model\":\"math\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}")]
    [InlineData("{\"model\":\"\\udfff\",\"messages\":[{\"role\":\"user\",\"content\":\"6 x 7?\"}]}")]
    public async Task Ask_HalfASurrogatePair_IsInvalidJson(string body)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var response = await gateway.Http.PostAsync(GatewayFixture.Chat, content, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("invalid_json", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Ask_BodyWithAByteOrderMark_IsRead()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        byte[] body = [0xEF, 0xBB, 0xBF, .. "{\"model\":\"math\",\"messages\":[{\"role\":\"user\",\"content\":\"6 x 7?\"}]}"u8];
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        using var response = await gateway.Http.PostAsync(GatewayFixture.Chat, content, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(CascadeStatus.ProviderFailed, 0, true)]
    [InlineData(CascadeStatus.Overloaded, 0, false)]
    [InlineData(CascadeStatus.Overloaded, 1, true)]
    [InlineData(CascadeStatus.BudgetUnavailable, 1, true)]
    public async Task Ask_ServerErrorThatMayHaveCostMoney_TellsClientsNotToRepeatIt(CascadeStatus status, long cost, bool told)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(new CascadeReply { Status = status, CostNanos = cost });

        using var response = await gateway.AskAsync();

        Assert.Equal(told, response.Headers.TryGetValues("x-should-retry", out var values) && values.Single() == "false");
    }

    [Fact]
    public async Task Ask_OtherContentType_IsUnsupportedMediaType()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var content = new StringContent("model=math");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");

        using var response = await gateway.Http.PostAsync(GatewayFixture.Chat, content, Cancelled);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("unsupported_media_type", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
