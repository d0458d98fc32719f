using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Cascade.Contracts;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Tests.Gateway;

/// <summary>Server-sent events as OpenAI's clients expect them.</summary>
public sealed class ChatStreamTests
{
    private const string Ask = """{"model":"math","stream":true,"messages":[{"role":"user","content":"6*7?"}]}""";
    private const string AskWithUsage =
        """{"model":"math","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"6*7?"}]}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_Answered_IsOpenAisSequenceOfChunks()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnStream = (_, _) => Updates(Committed(), Text("4"), Text("2"), Ended(Replies.Answer()));

        using var response = await gateway.AskAsync(Ask);
        var events = Events(await response.Content.ReadAsStringAsync(Cancelled));

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events[..^1].Select(text => JsonDocument.Parse(text).RootElement).ToArray();
        Assert.Equal(["""{"role":"assistant","content":""}""", """{"content":"4"}""", """{"content":"2"}""", "{}"], chunks.Select(Delta));
        Assert.Equal([null, null, null, "stop"], chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("finish_reason").GetString()));
        Assert.All(chunks, chunk =>
        {
            Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString());
            Assert.Equal(chunks[0].GetProperty("id").GetString(), chunk.GetProperty("id").GetString());
            Assert.Equal(GatewayFixture.Start.ToUnixTimeSeconds(), chunk.GetProperty("created").GetInt64());
            Assert.Equal("openai/gpt-4o-mini@eastus", chunk.GetProperty("model").GetString());
            Assert.False(chunk.TryGetProperty("usage", out _));
        });
        AssertFacts(chunks[^1]);
    }

    [Fact]
    public async Task Stream_UsageWanted_IsInAChunkOfItsOwnAndNullBefore()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync(AskWithUsage);
        var events = Events(await response.Content.ReadAsStringAsync(Cancelled));

        var chunks = events[..^1].Select(text => JsonDocument.Parse(text).RootElement).ToArray();
        Assert.All(chunks[..^1], chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(18, chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
        AssertFacts(chunks[^1]);
    }

    [Fact]
    public async Task Stream_RefusedBeforeTheFirstByte_IsAnOrdinaryHttpError()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.NoMoney(50, 100, Replies.ResetsAt));

        using var response = await gateway.AskAsync(Ask);

        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        Assert.Equal("insufficient_quota", (await GatewayFixture.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Stream_BreaksAfterTheFirstByte_EndsWithAnErrorEventAndNoDone()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnStream = (_, _) => Updates(Committed(), Text("4"), Ended(Replies.Refusal(CascadeStatus.StreamBroken, "it broke")));

        using var response = await gateway.AskAsync(Ask);
        var events = Events(await response.Content.ReadAsStringAsync(Cancelled));

        var error = JsonDocument.Parse(events[^1]).RootElement.GetProperty("error");
        Assert.Equal(("stream_broken", "it broke"), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        Assert.DoesNotContain("[DONE]", events);
    }

    [Fact]
    public async Task Stream_ClusterFailsAfterTheFirstByte_EndsWithAnErrorEvent()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnStream = (_, _) => Failing();

        using var response = await gateway.AskAsync(Ask);
        var events = Events(await response.Content.ReadAsStringAsync(Cancelled));

        Assert.Equal("cluster_timeout", JsonDocument.Parse(events[^1]).RootElement.GetProperty("error").GetProperty("code").GetString());

        static async IAsyncEnumerable<CascadeUpdate> Failing()
        {
            yield return Committed();
            await Task.Yield();
            throw new TimeoutException();
        }
    }

    [Fact]
    public async Task Stream_NothingToSayYet_SendsCommentsAndThenTheAnswer()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var updates = Channel.CreateUnbounded<CascadeUpdate>();
        gateway.Cluster.OnStream = (_, ct) => updates.Reader.ReadAllAsync(ct);

        var asking = gateway.Http.SendAsync(Request(), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        await Eventually.HoldsAsync(() => gateway.Cluster.Requests.Count == 1, Patience, Cancelled);
        await Eventually.HoldsAsync(
            () =>
            {
                gateway.Time.Advance(TimeSpan.FromSeconds(15));
                return asking.IsCompleted;
            },
            Patience,
            Cancelled);
        using var response = await asking;
        using var reader = new System.IO.StreamReader(await response.Content.ReadAsStreamAsync(Cancelled), Encoding.UTF8);
        Assert.Equal(": waiting", await reader.ReadLineAsync(Cancelled));
        foreach (var update in (CascadeUpdate[])[Committed(), Text("42"), Ended(Replies.Answer())])
        {
            updates.Writer.TryWrite(update);
        }

        updates.Writer.Complete();
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Stream_PartsAreThereAndTheNextIsNot_LeaveBeforeItComes(int parts)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Cluster.OnStream = (_, _) => PartsAndThen(parts, next.Task);

        using var response = await gateway.Http.SendAsync(Request(), HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var reader = new System.IO.StreamReader(await response.Content.ReadAsStreamAsync(Cancelled), Encoding.UTF8);
        for (var seen = 0; seen < parts;)
        {
            seen += (await reader.ReadLineAsync(Cancelled).AsTask().WaitAsync(Patience, Cancelled))!.Contains("\"content\":\"part\"", StringComparison.Ordinal) ? 1 : 0;
        }

        next.SetResult();
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_ClientLeaves_CancelsTheWork()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Cluster.OnStream = (_, ct) => UntilLeft(left, ct);

        using (var response = await gateway.Http.SendAsync(Request(), HttpCompletionOption.ResponseHeadersRead, Cancelled))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await left.Task.WaitAsync(Patience, Cancelled);
    }

    private static async IAsyncEnumerable<CascadeUpdate> PartsAndThen(int parts, Task next)
    {
        yield return Committed();
        for (var i = 0; i < parts; i++)
        {
            yield return Text("part");
        }

        await next;
        yield return Ended(Replies.Answer());
    }

    private static async IAsyncEnumerable<CascadeUpdate> UntilLeft(TaskCompletionSource left, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return Committed();
        using var registration = cancellationToken.Register(() => left.TrySetResult());
        await left.Task;
    }

    private static async IAsyncEnumerable<CascadeUpdate> Updates(params CascadeUpdate[] updates)
    {
        foreach (var update in updates)
        {
            await Task.Yield();
            yield return update;
        }
    }

    private static HttpRequestMessage Request() =>
        new(HttpMethod.Post, GatewayFixture.Chat) { Content = new StringContent(Ask, Encoding.UTF8, "application/json") };

    private static CascadeUpdate Committed() => new() { Kind = CascadeUpdateKind.Committed, Endpoint = Replies.Answer().Endpoint };

    private static CascadeUpdate Text(string text) => new() { Kind = CascadeUpdateKind.Text, Text = text };

    private static CascadeUpdate Ended(CascadeReply reply) => new() { Kind = CascadeUpdateKind.Ended, Reply = reply with { Text = "" } };

    private static string Delta(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("delta").GetRawText();

    private static string[] Events(string body) =>
        [.. body.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(text => text.StartsWith("data: ", StringComparison.Ordinal)).Select(text => text[6..])];

    private static void AssertFacts(JsonElement chunk)
    {
        var facts = chunk.GetProperty("x_cascade");
        Assert.Equal("0.000127500", facts.GetProperty("cost_usd").GetString());
        Assert.Equal(2, facts.GetProperty("attempts").GetInt32());
        Assert.True(facts.GetProperty("escalated").GetBoolean());
        Assert.Equal(Replies.TraceId, facts.GetProperty("trace_id").GetString());
    }
}
