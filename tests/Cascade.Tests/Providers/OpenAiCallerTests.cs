using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.Providers.OpenAi;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>The caller against a provider over real HTTP.</summary>
public sealed class OpenAiCallerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallAsync_GoodAnswer_ReportsTextAndBill()
    {
        await using var fixture = await CallerFixture.StartAsync(LambdaChatClient.Says("42", 17, 3));

        var result = await fixture.Caller().CallAsync(CallerFixture.Call(), Token);

        Assert.Equal(
            new ModelCallResult
            {
                Status = ModelCallStatus.Answered,
                Billing = BillingCertainty.Reported,
                Text = "42",
                FinishReason = "stop",
                InputTokens = 17,
                OutputTokens = 3,
            },
            result);
        var request = Assert.Single(fixture.Server.Requests);
        Assert.Equal(("attempt-1", "stub", "/v1/chat/completions"), (request.AttemptId, request.Model, request.Path));
        Assert.Equal("", request.Authorization);
        Assert.DoesNotContain("traceparent", request.HeaderNames);
        Assert.Equal("attempt-1", Assert.Single(fixture.Server.Bills).AttemptId);
    }

    [Theory]
    [InlineData(400, ModelCallStatus.RejectedRequest, BillingCertainty.NotBilled)]
    [InlineData(401, ModelCallStatus.Unauthorized, BillingCertainty.NotBilled)]
    [InlineData(403, ModelCallStatus.Unauthorized, BillingCertainty.NotBilled)]
    [InlineData(404, ModelCallStatus.RejectedRequest, BillingCertainty.NotBilled)]
    [InlineData(408, ModelCallStatus.ProviderError, BillingCertainty.Unknown)]
    [InlineData(429, ModelCallStatus.RateLimited, BillingCertainty.NotBilled)]
    [InlineData(500, ModelCallStatus.ProviderError, BillingCertainty.NotBilled)]
    [InlineData(502, ModelCallStatus.ProviderError, BillingCertainty.Unknown)]
    [InlineData(503, ModelCallStatus.ProviderError, BillingCertainty.NotBilled)]
    [InlineData(504, ModelCallStatus.ProviderError, BillingCertainty.Unknown)]
    [InlineData(202, ModelCallStatus.MalformedResponse, BillingCertainty.Unknown)]
    public async Task CallAsync_OtherStatus_OneAttemptWithItsBlame(int code, ModelCallStatus status, BillingCertainty billing)
    {
        await using var fixture = await CallerFixture.StartAsync();

        var result = await fixture.CallAsync(new StubFault.Status(code));

        Assert.Equal((status, billing), (result.Status, result.Billing));
        if (code >= 300)
            Assert.Equal($"http-{code}", result.Error);
        Assert.Single(fixture.Server.Requests);
        Assert.Empty(fixture.Server.Bills);
    }

    [Fact]
    public async Task CallAsync_Redirect_IsNotFollowed()
    {
        await using var fixture = await CallerFixture.StartAsync();
        var elsewhere = new Dictionary<string, string> { ["Location"] = fixture.Server.BaseUrl + "/chat/completions" };

        var result = await fixture.CallAsync(new StubFault.Status(307) { Headers = elsewhere });

        Assert.Equal((ModelCallStatus.ProviderError, "http-307"), (result.Status, result.Error));
        Assert.Single(fixture.Server.Requests);
    }

    [Theory]
    [InlineData("Retry-After", "7", 7.0)]
    [InlineData("Retry-After", "Mon, 02 Mar 2026 09:00:30 GMT", 30.0)]
    [InlineData("Retry-After", "Sun, 01 Mar 2026 11:00:00 GMT", 0.0)]
    [InlineData("Retry-After", "99999999999", 86_400.0)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("Retry-After", "soon", null)]
    public async Task CallAsync_RetryAfter_IsReadByTheProvidersClock(string header, string value, double? seconds)
    {
        await using var fixture = await CallerFixture.StartAsync();

        // The provider's clock is hours ahead of ours.
        var headers = new Dictionary<string, string> { [header] = value, ["Date"] = "Mon, 02 Mar 2026 09:00:00 GMT" };
        var result = await fixture.CallAsync(new StubFault.Status(429) { Headers = headers });

        Assert.Equal(seconds, result.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData("{", "application/json")]
    [InlineData("", "application/json")]
    [InlineData("{}", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("""{"choices":[]}""", "application/json")]
    [InlineData("""{"error":{"message":"no"}}""", "application/json")]
    [InlineData("<html>hello</html>", "text/html")]
    public async Task CallAsync_BodyThatIsNoCompletion_MayBeBilled(string body, string contentType)
    {
        await using var fixture = await CallerFixture.StartAsync();

        var result = await fixture.CallAsync(new StubFault.WrongBody(body, contentType));

        Assert.Equal((ModelCallStatus.MalformedResponse, BillingCertainty.Unknown), (result.Status, result.Billing));
    }

    [Fact]
    public async Task CallAsync_ConnectionCut_MayBeBilledAndIsNotTriedAgain()
    {
        await using var fixture = await CallerFixture.StartAsync();
        var caller = fixture.Caller();

        // The first call leaves a pooled connection, on which a transport could be tempted to try again.
        await caller.CallAsync(CallerFixture.Call("warm"), Token);
        foreach (var fault in new StubFault[] { new StubFault.AbortBeforeBilling(), new StubFault.AbortAfterBilling(), new StubFault.AbortInBody() })
        {
            fixture.Server.Enqueue(fault);
            var result = await caller.CallAsync(CallerFixture.Call(), Token);
            Assert.Equal((ModelCallStatus.ConnectionLost, BillingCertainty.Unknown, "connection-lost"), (result.Status, result.Billing, result.Error));
        }

        Assert.Equal(4, fixture.Server.Requests.Count);
        Assert.Equal(3, fixture.Server.Bills.Count);
    }

    [Fact]
    public async Task CallAsync_NobodyListens_IsNotBilled()
    {
        await using var fixture = await CallerFixture.StartAsync();
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)unused.LocalEndPoint!).Port;

        var result = await fixture.Caller(config => config.BaseUrl = $"http://127.0.0.1:{port}").CallAsync(CallerFixture.Call(), Token);

        Assert.Equal((ModelCallStatus.Unreachable, BillingCertainty.NotBilled, "connect"), (result.Status, result.Billing, result.Error));
    }

    [Fact]
    public async Task CallAsync_PlainServerBehindHttps_IsNotBilled()
    {
        await using var fixture = await CallerFixture.StartAsync();

        var result = await fixture.Caller(config => config.BaseUrl = config.BaseUrl!.Replace("http:", "https:", StringComparison.Ordinal))
            .CallAsync(CallerFixture.Call(), Token);

        Assert.Equal((ModelCallStatus.Unreachable, BillingCertainty.NotBilled, "tls"), (result.Status, result.Billing, result.Error));
    }

    [Fact]
    public async Task CallAsync_TimeoutAfterSending_MayBeBilled()
    {
        var time = CallerFixture.NewClock();
        await using var fixture = await CallerFixture.StartAsync(Arrival(out var arrived), time);
        fixture.Server.Enqueue(new StubFault.Hang());

        var calling = fixture.Caller().CallAsync(CallerFixture.Call(timeout: TimeSpan.FromSeconds(30)), Token);
        await arrived;
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(calling.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var result = await calling;

        Assert.Equal((ModelCallStatus.TimedOut, BillingCertainty.Unknown, "timeout"), (result.Status, result.Billing, result.Error));
    }

    [Fact]
    public async Task CallAsync_TimeoutBeforeConnected_IsNotBilled()
    {
        var time = CallerFixture.NewClock();
        await using var fixture = await CallerFixture.StartAsync(time: time);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;

        // The connection is taken, but the other side never says a word of TLS, so no request can leave.
        var calling = fixture.Caller(config => config.BaseUrl = $"https://127.0.0.1:{port}").CallAsync(CallerFixture.Call(), Token);
        using var accepted = await silent.AcceptTcpClientAsync(Token);
        time.Advance(TimeSpan.FromMinutes(1));
        var result = await calling;

        Assert.Equal((ModelCallStatus.TimedOut, BillingCertainty.NotBilled), (result.Status, result.Billing));
    }

    [Fact]
    public async Task CallAsync_CancelledAfterSending_MayBeBilled()
    {
        await using var fixture = await CallerFixture.StartAsync(Arrival(out var arrived));
        fixture.Server.Enqueue(new StubFault.Hang());
        using var cancel = new CancellationTokenSource();

        var calling = fixture.Caller().CallAsync(CallerFixture.Call(), cancel.Token);
        await arrived;
        await cancel.CancelAsync();
        var result = await calling;

        Assert.Equal((ModelCallStatus.Cancelled, BillingCertainty.Unknown), (result.Status, result.Billing));
    }

    [Fact]
    public async Task CallAsync_CancelledBefore_SendsNothing()
    {
        await using var fixture = await CallerFixture.StartAsync();

        var result = await fixture.Caller().CallAsync(CallerFixture.Call(), new CancellationToken(canceled: true));

        Assert.Equal((ModelCallStatus.Cancelled, BillingCertainty.NotBilled), (result.Status, result.Billing));
        Assert.Empty(fixture.Server.Requests);
    }

    [Fact]
    public async Task CallAsync_NoUsage_ChargesTheWholeOutputLimitBecauseReasoningIsNotInTheText()
    {
        await using var fixture = await CallerFixture.StartAsync(LambdaChatClient.Says("forty-two"));

        var result = await fixture.CallAsync(new StubFault.MissingUsage());

        Assert.Equal((ModelCallStatus.Answered, BillingCertainty.Estimated), (result.Status, result.Billing));
        Assert.True(result.InputTokens >= "What is 6 * 7?".Length);
        Assert.Equal(CallerFixture.Call().Options.MaxOutputTokens, (int)result.OutputTokens);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1000, 5000)]
    public async Task CallAsync_UsageOfAnySize_IsTakenAsReported(long input, long output)
    {
        await using var fixture = await CallerFixture.StartAsync();

        var result = await fixture.CallAsync(new StubFault.BillTokens(input, output));

        Assert.Equal((BillingCertainty.Reported, input, output), (result.Billing, result.InputTokens, result.OutputTokens));
    }

    [Theory]
    [InlineData("length")]
    [InlineData("content_filter")]
    public async Task CallAsync_OtherFinishReason_IsPassedOn(string reason)
    {
        await using var fixture = await CallerFixture.StartAsync(new LambdaChatClient((_, _, _) => Task.FromResult(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, "4")) { FinishReason = new ChatFinishReason(reason), Usage = new UsageDetails() })));

        var result = await fixture.Caller().CallAsync(CallerFixture.Call(), Token);

        Assert.Equal((ModelCallStatus.Answered, reason), (result.Status, result.FinishReason));
    }

    [Fact]
    public async Task CallAsync_ManyAtOnce_EachCarriesItsOwnId()
    {
        const int Calls = 64;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = 0;
        await using var fixture = await CallerFixture.StartAsync(new LambdaChatClient(async (messages, _, token) =>
        {
            if (Interlocked.Increment(ref waiting) == Calls)
                all.SetResult();
            await release.Task.WaitAsync(token);
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, messages[^1].Text)) { Usage = new UsageDetails() };
        }));
        var caller = fixture.Caller();

        var calling = Enumerable.Range(0, Calls).Select(n => caller.CallAsync(CallerFixture.Call($"id-{n}", text: $"text-{n}"), Token)).ToArray();
        await all.Task;
        release.SetResult();
        var results = await Task.WhenAll(calling);

        Assert.Equal(Calls, fixture.Server.MaxInFlight);
        Assert.All(results.Index(), each => Assert.Equal($"text-{each.Index}", each.Item.Text));
        Assert.All(fixture.Server.Requests, request => Assert.Equal(request.AttemptId.Replace("id", "text", StringComparison.Ordinal), request.Messages[^1].Text));
        Assert.Equal(Calls, fixture.Server.Bills.Select(bill => bill.AttemptId).Distinct().Count());
    }

    [Fact]
    public async Task CallAsync_Options_AreLeftAsTheyWere()
    {
        await using var fixture = await CallerFixture.StartAsync();
        var call = CallerFixture.Call();
        call.Options.Temperature = 0.5f;
        var before = JsonSerializer.Serialize(call.Options, AIJsonUtilities.DefaultOptions);

        await fixture.Caller(config => config.OutputLimitField = OutputLimitFields.MaxTokens).CallAsync(call, Token);

        Assert.Equal(before, JsonSerializer.Serialize(call.Options, AIJsonUtilities.DefaultOptions));
        Assert.Null(call.Options.RawRepresentationFactory);
    }

    [Theory]
    [InlineData(OutputLimitFields.MaxCompletionTokens, OutputLimitFields.MaxTokens)]
    [InlineData(OutputLimitFields.MaxTokens, OutputLimitFields.MaxCompletionTokens)]
    public async Task CallAsync_OutputLimitField_IsTheConfiguredOneOnly(string sent, string notSent)
    {
        await using var fixture = await CallerFixture.StartAsync();

        await fixture.Caller(config => config.OutputLimitField = sent).CallAsync(CallerFixture.Call(limit: 77), Token);

        using var body = JsonDocument.Parse(Assert.Single(fixture.Server.Requests).Body);
        Assert.Equal(77, body.RootElement.GetProperty(sent).GetInt32());
        Assert.False(body.RootElement.TryGetProperty(notSent, out _));
        Assert.Equal("stub", body.RootElement.GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("", "/v1/chat/completions")]
    [InlineData("/", "/v1/chat/completions")]
    [InlineData("/v1", "/v1/chat/completions")]
    [InlineData("/v1/", "/v1/chat/completions")]
    [InlineData("/api/openai/", "/api/openai/chat/completions")]
    public async Task CallAsync_AnyWayToWriteTheAddress_FindsThePath(string suffix, string expected)
    {
        await using var fixture = await CallerFixture.StartAsync();
        var root = fixture.Server.Address.ToString().TrimEnd('/');

        var result = await fixture.Caller(config => config.BaseUrl = root + suffix).CallAsync(CallerFixture.Call(), Token);

        Assert.Equal(ModelCallStatus.Answered, result.Status);
        Assert.Equal(expected, Assert.Single(fixture.Server.Requests).Path);
    }

    [Fact]
    public async Task CallAsync_KeyFileRotated_IsReadAgainAfterAWhileAndAfterARefusal()
    {
        var time = CallerFixture.NewClock();
        await using var fixture = await CallerFixture.StartAsync(time: time);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "first\n", Token);
            var caller = fixture.Caller(config => config.ApiKeyFile = file);

            await caller.CallAsync(CallerFixture.Call(), Token);
            await File.WriteAllTextAsync(file, "second\n", Token);
            await caller.CallAsync(CallerFixture.Call(), Token);
            time.Advance(FileApiKey.ReadEvery);
            await caller.CallAsync(CallerFixture.Call(), Token);
            await File.WriteAllTextAsync(file, "third\n", Token);
            fixture.Server.Enqueue(new StubFault.Status(401));
            await caller.CallAsync(CallerFixture.Call(), Token);
            await caller.CallAsync(CallerFixture.Call(), Token);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Equal(
            ["Bearer first", "Bearer first", "Bearer second", "Bearer second", "Bearer third"],
            fixture.Server.Requests.Select(request => request.Authorization));
    }

    [Theory]
    [InlineData("", "key-missing")]
    [InlineData("two\nlines", "key-malformed")]
    public async Task CallAsync_UnusableKey_IsUnauthorizedAndSendsNothing(string key, string error)
    {
        await using var fixture = await CallerFixture.StartAsync();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, key, Token);
            var result = await fixture.Caller(config => config.ApiKeyFile = file).CallAsync(CallerFixture.Call(), Token);
            Assert.Equal((ModelCallStatus.Unauthorized, BillingCertainty.NotBilled, error), (result.Status, result.Billing, result.Error));
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Empty(fixture.Server.Requests);
    }

    // The model behind the stub is asked just before it bills, and that is when the request has arrived for good.
    private static LambdaChatClient Arrival(out Task arrived)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        arrived = source.Task;
        return new LambdaChatClient((_, _, _) =>
        {
            source.TrySetResult();
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "late")) { Usage = new UsageDetails() });
        });
    }
}
