using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>The caller over chat clients of this process, whose sending nobody watches.</summary>
public sealed class ChatClientModelCallerTests
{
    private const string Secret = "the-words-of-somebody";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallAsync_ClientIgnoresItsToken_StillEndsAtTheTimeout()
    {
        var time = CallerFixture.NewClock();
        var never = new TaskCompletionSource<ChatResponse>();
        var caller = Caller(new LambdaChatClient((_, _, _) => never.Task), time);

        var calling = caller.CallAsync(CallerFixture.Call(), Token);
        time.Advance(TimeSpan.FromMinutes(1));
        var result = await calling;

        Assert.Equal((ModelCallStatus.TimedOut, BillingCertainty.Unknown), (result.Status, result.Billing));
    }

    [Fact]
    public async Task CallAsync_FailureOfACancelledCall_BlamesTheCallerAndKeepsTheBilling()
    {
        using var cancel = new CancellationTokenSource();
        var caller = Caller(new LambdaChatClient((_, _, _) =>
        {
            cancel.Cancel();
            return Task.FromException<ChatResponse>(
                new ModelCallException(ModelCallStatus.RateLimited, BillingCertainty.NotBilled, "http-429", "Slow down."));
        }));

        var result = await caller.CallAsync(CallerFixture.Call(), cancel.Token);

        Assert.Equal((ModelCallStatus.Cancelled, BillingCertainty.NotBilled), (result.Status, result.Billing));
    }

    [Fact]
    public async Task CallAsync_ExceptionsOfOtherClients_AreMapped()
    {
        (Exception Thrown, ModelCallStatus Status, BillingCertainty Billing)[] cases =
        [
            (new HttpRequestException(HttpRequestError.NameResolutionError), ModelCallStatus.Unreachable, BillingCertainty.NotBilled),
            (new HttpRequestException(null, null, HttpStatusCode.TooManyRequests), ModelCallStatus.RateLimited, BillingCertainty.NotBilled),
            (new InvalidOperationException("outer", new IOException()), ModelCallStatus.ConnectionLost, BillingCertainty.Unknown),
            (new TaskCanceledException(), ModelCallStatus.ConnectionLost, BillingCertainty.Unknown),
            (new FormatException(), ModelCallStatus.MalformedResponse, BillingCertainty.Unknown),
        ];
        foreach (var (thrown, status, billing) in cases)
        {
            var result = await Caller(new LambdaChatClient((_, _, _) => Task.FromException<ChatResponse>(thrown))).CallAsync(CallerFixture.Call(), Token);
            Assert.Equal((status, billing), (result.Status, result.Billing));
        }
    }

    [Fact]
    public async Task CallAsync_ReasoningOnlyInTheTotal_IsBilledAsOutput()
    {
        var caller = Caller(Answering(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 40 }));

        var result = await caller.CallAsync(CallerFixture.Call(), Token);

        Assert.Equal((10, 30), (result.InputTokens, result.OutputTokens));
    }

    [Theory]
    [InlineData(-1L, 5L)]
    [InlineData(null, 5L)]
    public async Task CallAsync_HalfAUsage_EstimatesTheMissingHalf(long? input, long? output)
    {
        var caller = Caller(Answering(new UsageDetails { InputTokenCount = input, OutputTokenCount = output }));

        var result = await caller.CallAsync(CallerFixture.Call(), Token);

        Assert.Equal((BillingCertainty.Estimated, 5), (result.Billing, result.OutputTokens));
        Assert.True(result.InputTokens > 10);
    }

    [Fact]
    public async Task CallAsync_CallsThatCannotBeMetered_AreBugsOfTheCaller()
    {
        var caller = Caller(LambdaChatClient.Says("x"));
        var call = CallerFixture.Call();

        await Assert.ThrowsAsync<ArgumentException>(() => caller.CallAsync(call with { AttemptId = "two\nlines" }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => caller.CallAsync(call with { Timeout = TimeSpan.Zero }, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => caller.CallAsync(call with { Options = new ChatOptions() }, Token));
    }

    [Fact]
    public void CallScope_ClosedFirst_LetsNothingOut()
    {
        var (closed, sent) = (new CallScope("a"), new CallScope("b"));

        Assert.True(closed.CloseUnsent());
        Assert.False(closed.TryMarkSent());
        Assert.True(sent.TryMarkSent());
        Assert.False(sent.CloseUnsent());
    }

    [Fact]
    public async Task CallAsync_Telemetry_HasGenAiNamesAndNoText()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ProviderTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var logger = new Lines();
        var answers = new Queue<Func<ChatResponse>>([() => new(new ChatMessage(ChatRole.Assistant, Secret)), () => throw new FormatException(Secret)]);
        var caller = new ChatClientModelCaller(
            new LambdaChatClient((_, _, _) => Task.FromResult(answers.Dequeue()())), new ModelCallerSettings { Endpoint = "cheap", Model = "telemetry-model" },
            CallerFixture.NewClock(), logger);

        await caller.CallAsync(CallerFixture.Call("attempt-7", text: Secret), Token);
        await caller.CallAsync(CallerFixture.Call("attempt-8", text: Secret), Token);

        var spans = activities.Where(activity => activity.DisplayName == "chat telemetry-model").ToArray();
        Assert.Equal(2, spans.Length);
        Assert.All(spans, span => Assert.Equal("chat", span.GetTagItem("gen_ai.operation.name")));
        Assert.DoesNotContain(Secret, string.Join('\n', spans.SelectMany(Everything)), StringComparison.Ordinal);
        Assert.Collection(logger.All, line => Assert.StartsWith("400 Attempt attempt-7 on cheap", line), line => Assert.StartsWith("402 Attempt attempt-8 on cheap", line));
        Assert.DoesNotContain(Secret, string.Join('\n', logger.All), StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Everything(Activity span) =>
        [span.StatusDescription, .. span.TagObjects.Select(tag => tag.Value?.ToString()), .. span.Events.SelectMany(each => each.Tags).Select(tag => tag.Value?.ToString())];

    private static ChatClientModelCaller Caller(IChatClient client, TimeProvider? time = null) =>
        new(client, new ModelCallerSettings { Endpoint = "cheap" }, time ?? CallerFixture.NewClock(), NullLogger.Instance);

    private static LambdaChatClient Answering(UsageDetails usage) =>
        new((_, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "42")) { Usage = usage }));

    private sealed class Lines : ILogger
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add($"{eventId.Id} {formatter(state, exception)} {exception}");
    }
}
