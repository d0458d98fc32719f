using System.Text;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>One streamed call against the hostile provider: who is to blame, and what is charged against what the provider says it bills.</summary>
public sealed class StreamedCallTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StreamAsync_HonestStream_DeliversTheDeltasAndTheProvidersBill()
    {
        await using var fixture = await StreamFixture.StartAsync();
        var sink = new RecordingSink();

        var result = await fixture.Caller().StreamAsync(StreamFixture.Call(), sink, Token);

        Assert.Equal((ModelCallStatus.Answered, BillingCertainty.Reported, "stop"), (result.Status, result.Billing, result.FinishReason));
        Assert.Equal((StreamFixture.Answer, StreamFixture.Answer), (result.Text, sink.Text));
        Assert.Equal(["The ", "answ", "er i", "s 42", "."], sink.Parts);
        Assert.NotNull(result.TimeToFirstChunk);
        AssertBilled(fixture, result);
    }

    [Fact]
    public async Task StreamAsync_Always_AsksForTheUsage()
    {
        await using var fixture = await StreamFixture.StartAsync();

        await fixture.Caller().StreamAsync(StreamFixture.Call(), new RecordingSink(), Token);

        Assert.True(Assert.Single(fixture.Server.Requests) is { Streams: true, IncludesUsage: true });
    }

    [Theory]
    [InlineData(StubUsage.Repeated)]
    [InlineData(StubUsage.Cumulative)]
    [InlineData(StubUsage.Final)]
    public async Task StreamAsync_UsageSaidMoreThanOnce_IsBilledOnce(StubUsage kind)
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.StreamAsync(new StubFault.StreamedUsage(kind), new RecordingSink());

        Assert.Equal((ModelCallStatus.Answered, BillingCertainty.Reported), (result.Status, result.Billing));
        AssertBilled(fixture, result);
    }

    [Fact]
    public async Task StreamAsync_DuplicateChunks_AreBilledOnce()
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.StreamAsync(new StubFault.DuplicateChunks(), new RecordingSink());

        Assert.Equal(BillingCertainty.Reported, result.Billing);
        AssertBilled(fixture, result);
    }

    [Fact]
    public async Task StreamAsync_NoUsage_IsChargedAnUpperEstimate()
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.StreamAsync(new StubFault.StreamedUsage(StubUsage.Missing), new RecordingSink());

        Assert.Equal((ModelCallStatus.Answered, BillingCertainty.Estimated), (result.Status, result.Billing));
        Assert.Equal(StreamFixture.Answer, result.Text);
        Assert.True(result.InputTokens >= StreamFixture.InputTokens && result.OutputTokens >= StreamFixture.OutputTokens);
    }

    [Fact]
    public async Task StreamAsync_EndsWithoutFinish_IsNoAnswerAndStaysHeld()
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.StreamAsync(new StubFault.EndWithoutFinish(), new RecordingSink());

        Assert.Equal((ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "stream-ended-early"), (result.Status, result.Billing, result.Error));
        Assert.InRange(result.LeastOutputTokens, 1, StreamFixture.OutputTokens);
    }

    public static TheoryData<StubFault, ModelCallStatus, BillingCertainty, string> Faults => new()
    {
        { new StubFault.Status(429) { Headers = new Dictionary<string, string> { ["Retry-After"] = "7" } }, ModelCallStatus.RateLimited, BillingCertainty.NotBilled, "http-429" },
        { new StubFault.Status(429), ModelCallStatus.RateLimited, BillingCertainty.NotBilled, "http-429" },
        { new StubFault.Status(500), ModelCallStatus.ProviderError, BillingCertainty.NotBilled, "http-500" },
        { new StubFault.Status(504), ModelCallStatus.ProviderError, BillingCertainty.Unknown, "http-504" },
        { new StubFault.Status(401), ModelCallStatus.Unauthorized, BillingCertainty.NotBilled, "http-401" },
        { new StubFault.AbortAfterBilling(), ModelCallStatus.ConnectionLost, BillingCertainty.Unknown, "connection-lost" },
        { new StubFault.CutStream(400), ModelCallStatus.ConnectionLost, BillingCertainty.Unknown, "connection-lost" },
        { new StubFault.WrongBody("{}"), ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "not-a-stream" },
        { new StubFault.WrongBody("<html></html>", "text/html"), ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "not-a-stream" },
        { new StubFault.WrongBody("data: {not json\n\n", "text/event-stream"), ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "malformed-response" },
        { new StubFault.WrongBody("no event at all", "text/event-stream"), ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "stream-ended-early" },
        { new StubFault.WrongBody("", "text/event-stream"), ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "stream-ended-early" },
        { new StubFault.StrayEvent("{\"error\":{\"message\":\"overloaded\"}}"), ModelCallStatus.ProviderError, BillingCertainty.Unknown, "error-in-stream" },
        { new StubFault.StrayEvent("{"), ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "malformed-response" },
        { new StubFault.HugeChunk(2 * 1024 * 1024), ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "response-too-large" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task StreamAsync_EveryFault_BlamesAndChargesRight(StubFault fault, ModelCallStatus status, BillingCertainty billing, string error)
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.StreamAsync(fault, new RecordingSink());

        Assert.Equal((status, billing, error), (result.Status, result.Billing, result.Error));
        Assert.Equal(fault is StubFault.Status { Headers.Count: > 0 } ? TimeSpan.FromSeconds(7) : null, result.RetryAfter);
        Assert.True(billing == BillingCertainty.Unknown || fixture.Server.Bills.Count == 0, "what the provider bills must never be taken for free");
        foreach (var bill in fixture.Server.Bills)
            Assert.True(result.LeastInputTokens <= bill.InputTokens && result.LeastOutputTokens <= bill.OutputTokens);
    }

    [Fact]
    public async Task StreamAsync_NothingArrived_CanHaveBeenFree()
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.StreamAsync(new StubFault.AbortBeforeBilling(), new RecordingSink());

        Assert.Empty(fixture.Server.Bills);
        Assert.Equal((BillingCertainty.Unknown, 0, 0), (result.Billing, result.LeastInputTokens, result.LeastOutputTokens));
    }

    [Fact]
    public async Task StreamAsync_CutAtEveryByte_NeverLosesWhatIsBilledAndNeverInventsAnAnswer()
    {
        var body = await BodyAsync();
        var finished = body.AsSpan().IndexOf("\"finish_reason\":\"stop\""u8);
        var (answered, held) = (0, 0);
        for (var cut = 0; cut <= body.Length; cut++)
        {
            using var factory = new ModelCallerFactory(CallerFixture.NewClock(), null, new CutTransport(body, cut));
            var caller = factory.Create("cheap", new EndpointConfig { Provider = ProviderKinds.OpenAi, Model = "stub", BaseUrl = "http://127.0.0.1:9" });
            var sink = new RecordingSink();

            var result = await caller.StreamAsync(StreamFixture.Call(), sink, Token);

            Assert.StartsWith(sink.Text, StreamFixture.Answer, StringComparison.Ordinal);
            if (result.Status == ModelCallStatus.Answered)
            {
                answered++;
                Assert.True(cut > finished);
                Assert.Equal(StreamFixture.Answer, result.Text);
                Assert.True(result.InputTokens >= StreamFixture.InputTokens && result.OutputTokens >= StreamFixture.OutputTokens);
            }
            else
            {
                held++;
                Assert.Equal((ModelCallStatus.ConnectionLost, BillingCertainty.Unknown), (result.Status, result.Billing));
                Assert.True(result.LeastInputTokens <= StreamFixture.InputTokens && result.LeastOutputTokens <= StreamFixture.OutputTokens);
            }
        }

        Assert.True(answered > 100 && held > 500, $"{answered} answered, {held} held");
    }

    [Fact]
    public async Task StreamAsync_StalledBeforeTheFirstPart_EndsAtTheFirstChunkTimeout()
    {
        await using var fixture = await StreamFixture.StartAsync();
        fixture.Server.Enqueue(new StubFault.StallStream(250));
        static void Change(EndpointConfig config) => config.Stream.FirstChunkTimeoutSeconds = 5;

        var calling = fixture.Caller(Change).StreamAsync(StreamFixture.Call(Change), new RecordingSink(), Token);
        await Eventually.HoldsAsync(() => fixture.Server.Bills.Count == 1, Patience, Token);
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        var result = await calling;

        Assert.Equal((ModelCallStatus.TimedOut, BillingCertainty.Unknown, "first-chunk-timeout"), (result.Status, result.Billing, result.Error));
        await Eventually.HoldsAsync(() => fixture.Server.Abandoned.Count == 1, Patience, Token);
    }

    [Fact]
    public async Task StreamAsync_CommentsWithoutParts_EndAtTheIdleTimeout()
    {
        await using var fixture = await StreamFixture.StartAsync();
        var steps = new SemaphoreSlim(3);
        fixture.Server.Enqueue(new StubFault.TrickleComments(700, steps.WaitAsync));
        var sink = new RecordingSink();

        var calling = fixture.Caller().StreamAsync(StreamFixture.Call(), sink, Token);
        await sink.First.WaitAsync(Token);
        await Eventually.HoldsAsync(() => steps.CurrentCount == 0, Patience, Token);
        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        var result = await calling;

        Assert.Equal((ModelCallStatus.TimedOut, BillingCertainty.Unknown, "idle-timeout"), (result.Status, result.Billing, result.Error));
    }

    [Fact]
    public async Task StreamAsync_CallerLeavesADrainedStream_BooksTheWholeBillAndSendsNothingMore()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fixture = await StreamFixture.StartAsync(new OpenAiStubOptions { BeforeDelta = (_, i, ct) => i < 2 ? Task.CompletedTask : gate.Task.WaitAsync(ct) });
        using var leave = new CancellationTokenSource();
        var sink = new RecordingSink();

        var calling = fixture.Caller().StreamAsync(StreamFixture.Call(), sink, leave.Token);
        await sink.First.WaitAsync(Token);
        await leave.CancelAsync();
        var before = sink.Text.Length;
        gate.SetResult();
        var result = await calling;

        Assert.Equal(BillingCertainty.Reported, result.Billing);
        Assert.True(sink.Text.Length <= before + 4);
        AssertBilled(fixture, result);
        Assert.Empty(fixture.Server.Abandoned);
    }

    [Fact]
    public async Task StreamAsync_DrainTakesTooLong_IsBrokenOffAndStaysHeld()
    {
        await using var fixture = await StreamFixture.StartAsync();
        fixture.Server.Enqueue(new StubFault.StallStream(700));
        using var leave = new CancellationTokenSource();
        var sink = new RecordingSink();
        static void Change(EndpointConfig config) => config.Stream.DrainSeconds = 3;

        var calling = fixture.Caller(Change).StreamAsync(StreamFixture.Call(Change), sink, leave.Token);
        await sink.First.WaitAsync(Token);
        await leave.CancelAsync();
        fixture.Time.Advance(TimeSpan.FromSeconds(3));
        var result = await calling;

        Assert.Equal((ModelCallStatus.Cancelled, BillingCertainty.Unknown), (result.Status, result.Billing));
        await Eventually.HoldsAsync(() => fixture.Server.Abandoned.Count == 1, Patience, Token);
    }

    [Theory]
    [InlineData("unconfirmed", BillingCertainty.Unknown)]
    [InlineData("counted", BillingCertainty.Estimated)]
    public async Task StreamAsync_CallerLeavesAnAbortedStream_TheProviderSeesItAndNothingIsLost(string charge, BillingCertainty billing)
    {
        await using var fixture = await StreamFixture.StartAsync(new OpenAiStubOptions { BillsOnlyWhatWasSent = true });
        fixture.Server.Enqueue(new StubFault.StallStream(700));
        using var leave = new CancellationTokenSource();
        var sink = new RecordingSink();
        void Change(EndpointConfig config) => (config.DrainOnCancel, config.Stream.BrokenCharge) = (false, charge);

        var calling = fixture.Caller(Change).StreamAsync(StreamFixture.Call(Change), sink, leave.Token);
        await sink.First.WaitAsync(Token);
        await leave.CancelAsync();
        var result = await calling;

        Assert.Equal((ModelCallStatus.Cancelled, billing), (result.Status, result.Billing));
        await Eventually.HoldsAsync(() => fixture.Server.Abandoned.Count == 1 && fixture.Server.Bills.Count == 1, Patience, Token);
        var bill = Assert.Single(fixture.Server.Bills);
        Assert.True(billing == BillingCertainty.Unknown || (result.InputTokens >= bill.InputTokens && result.OutputTokens >= bill.OutputTokens));
    }

    [Fact]
    public async Task StreamAsync_SinkWantsNoMore_StopsTheProvider()
    {
        await using var fixture = await StreamFixture.StartAsync(new OpenAiStubOptions
        {
            BillsOnlyWhatWasSent = true,
            BeforeDelta = static (_, i, ct) => i < 2 ? Task.CompletedTask : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct),
        });
        static void Change(EndpointConfig config) => config.Stream.BrokenCharge = "counted";

        var result = await fixture.Caller(Change).StreamAsync(StreamFixture.Call(Change), new RecordingSink(text => text.Length < 5), Token);

        Assert.Equal((ModelCallStatus.Stopped, BillingCertainty.Estimated), (result.Status, result.Billing));
        await Eventually.HoldsAsync(() => fixture.Server.Bills.Count == 1, Patience, Token);
        Assert.True(result.OutputTokens >= fixture.Server.Bills[0].OutputTokens);
    }

    [Fact]
    public async Task StreamAsync_CancelledBefore_SendsNothing()
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.Caller().StreamAsync(StreamFixture.Call(), new RecordingSink(), new CancellationToken(canceled: true));

        Assert.Equal((ModelCallStatus.Cancelled, BillingCertainty.NotBilled), (result.Status, result.Billing));
        Assert.Empty(fixture.Server.Requests);
    }

    [Fact]
    public async Task StreamAsync_NobodyListens_IsUnreachableAndFree()
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.Caller(config => config.BaseUrl = "http://127.0.0.1:1").StreamAsync(StreamFixture.Call(), new RecordingSink(), Token);

        Assert.Equal((ModelCallStatus.Unreachable, BillingCertainty.NotBilled), (result.Status, result.Billing));
    }

    private static void AssertBilled(StreamFixture fixture, ModelCallResult result)
    {
        var bill = Assert.Single(fixture.Server.Bills);
        Assert.Equal((bill.InputTokens, bill.OutputTokens), (result.InputTokens, result.OutputTokens));
    }

    // The stub's own bytes, so that the cuts go through what a provider really sends.
    private static async Task<byte[]> BodyAsync()
    {
        await using var fixture = await StreamFixture.StartAsync();
        using var http = new HttpClient();
        using var request = new StringContent(
            """{"model":"stub","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"?"}]}""", Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(fixture.Server.BaseUrl + "/chat/completions", request, Token);
        return await response.Content.ReadAsByteArrayAsync(Token);
    }
}
