using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>Streams of the protocols that are not chat completions, whole and broken off: what is understood and what is billed.</summary>
public sealed class StreamProtocolTests : IAsyncLifetime
{
    private const int MaxOutputTokens = 100;

    private readonly ModelCallerFactory _factory = new(TimeProvider.System);
    private JsonStubServer _server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Streams => [.. Enumerable.Range(0, RecordedStream.All.Count)];

    public static MatrixTheoryData<int, bool> BrokenStreams => new([.. Enumerable.Range(0, RecordedStream.All.Count)], [false, true]);

    public async ValueTask InitializeAsync() => _server = await JsonStubServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _factory.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task StreamAsync_Whole_IsTheAnswerItsToolAndItsBill(int number)
    {
        var stream = RecordedStream.All[number];
        var sink = new RecordingSink();

        var result = await StreamAsync(stream, stream.Body, sink);

        Assert.True(result.Status == ModelCallStatus.Answered, $"{stream.Provider}: {result.Status} {result.Error}");
        Assert.Equal(["The answer ", "is 42."], sink.Parts);
        Assert.Equal(RecordedStream.Text, result.Text);
        AssertToolCall(result);
        Assert.Equal((BillingCertainty.Reported, stream.Usage), (result.Billing, result.Usage));
        Assert.Equal(stream.Finish, result.FinishReason);
    }

    /// <summary>Whatever is missing, an answer is never taken for whole, and its bill for told, on the word of a count of less.</summary>
    [Theory]
    [MemberData(nameof(BrokenStreams))]
    public async Task StreamAsync_EndsBeforeItsEnd_IsBilledForLessOnlyWhenThatIsUnknown(int number, bool counted)
    {
        var stream = RecordedStream.All[number];
        var (whole, broken, estimated) = (0, 0, 0);
        for (var events = 0; events < stream.Events.Count; events++)
        {
            var before = string.Concat(stream.Events.Take(events));
            foreach (var body in (string[])[before, before + stream.Events[events][..^1], before + stream.Events[events][..(stream.Events[events].Length / 2)]])
            {
                var result = await StreamAsync(stream, body, new RecordingSink(), counted);
                var where = $"{stream.Provider} after {body.Length} letters: {result.Status} {result.Error} {result.Billing} {result.Usage}";
                if (result.Status == ModelCallStatus.Answered)
                {
                    whole++;
                    Assert.True(result.Text == RecordedStream.Text && result.Usage == stream.Usage, where);
                    AssertToolCall(result);
                    continue;
                }

                broken++;
                Assert.True(result.Billing == BillingCertainty.Unknown || (counted && result.Billing == BillingCertainty.Estimated), where);
                Assert.True(result.LeastInputTokens <= stream.Usage.InputTokens && result.LeastOutputTokens <= stream.Usage.OutputTokens, where);
                estimated += result.Billing == BillingCertainty.Estimated ? 1 : 0;

                // What has arrived and a margin; the first count of Anthropic's is one token.
                Assert.InRange(result.OutputTokens, result.Billing == BillingCertainty.Estimated ? 2 : 0, MaxOutputTokens);
            }
        }

        Assert.True(broken > 3 * (stream.Events.Count - 2), $"{broken} were broken and {whole} whole");
        Assert.Equal(counted, estimated > 0);
    }

    [Fact]
    public async Task StreamAsync_ResponsesHaveFailed_IsNoAnswer()
    {
        var stream = RecordedStream.All.First(static s => s.Events[^1].Contains("response.completed", StringComparison.Ordinal));
        var failed = stream.Events[^1].Replace("response.completed", "response.failed", StringComparison.Ordinal)
            .Replace("\"status\":\"completed\",\"error\":null", "\"status\":\"failed\",\"error\":{\"code\":\"server_error\",\"message\":\"The model failed.\"}", StringComparison.Ordinal);

        var result = await StreamAsync(stream, string.Concat([.. stream.Events.SkipLast(1), failed]), new RecordingSink());

        Assert.NotEqual(ModelCallStatus.Answered, result.Status);
        Assert.Equal(BillingCertainty.Unknown, result.Billing);
    }

    private static void AssertToolCall(ModelCallResult result)
    {
        var call = Assert.Single(result.ToolCalls);
        Assert.Equal((RecordedStream.Tool, RecordedStream.Arguments), (call.Name, call.ArgumentsJson));
    }

    private Task<ModelCallResult> StreamAsync(RecordedStream stream, string body, IModelStreamSink sink, bool counted = false)
    {
        (_server.Body, _server.ContentType) = (body, stream.ContentType);
        var config = new EndpointConfig { Provider = stream.Provider, Api = stream.Api, Model = "m", BaseUrl = _server.Address };
        config.Stream.BrokenCharge = counted ? "counted" : config.Stream.BrokenCharge;
        return _factory.Create("endpoint", config).StreamAsync(
            new ModelCall
            {
                AttemptId = "attempt-1",
                Messages = [new ChatMessage(ChatRole.User, "What is 6 * 7?")],
                Options = new ChatOptions { MaxOutputTokens = MaxOutputTokens },
                Timeout = TimeSpan.FromMinutes(1),
                Stream = config.ToStreamPolicy(),
            },
            sink,
            Ct);
    }
}
