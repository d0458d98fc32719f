using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>Streams through a silo: what is committed when, and what becomes of the money.</summary>
public sealed class StreamingTests
{
    private const long Token = TestModel.TokenNanos;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static IVerifier Judge { get; } = VerifierFactory.Create(new VerifierConfig { Kind = "completeness", CheckRefusals = true });

    [Fact]
    public async Task Stream_DirectRoute_IsLive()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var caller = new StreamingCaller(async (_, sink, ct) =>
        {
            sink.Accept("first");
            await held.Task.WaitAsync(ct);
            sink.Accept(" second");
            return ScriptedCaller.Answer("first second", 1, 2);
        });
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller));

        await using var updates = Stream(cluster, "m").GetAsyncEnumerator(Ct);
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal((CascadeUpdateKind.Committed, "m"), (updates.Current.Kind, updates.Current.Endpoint.Value));
        Assert.True(await updates.MoveNextAsync());
        Assert.Equal("first", updates.Current.Text);
        Assert.Equal(1, caller.InFlight);
        held.SetResult();
        var (rest, reply) = await ReadAsync(updates);

        Assert.Equal(" second", rest);
        Assert.Equal((CascadeStatus.Answered, 2 * Token), (reply.Status, reply.CostNanos));
        Assert.Equal("accept", reply.Decisions[^1].Action);
        Assert.Equal(2 * Token, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Fact]
    public async Task Stream_JudgedDraft_IsReleasedOnlyWhenAccepted()
    {
        var judging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var model = new TestModel().Endpoint("cheap", StreamingCaller.Saying("#### ", "42"), e => e with { Quality = 0.7 })
            .Endpoint("second", new ScriptedCaller(async (_, ct) =>
            {
                await judging.Task.WaitAsync(ct);
                return ScriptedCaller.Answer("#### 42", 1, 1);
            }))
            .Endpoint("strong", StreamingCaller.Saying("#### 42"), e => e with { Quality = 0.95 })
            .Route("cascade", "threshold-pair", VerifierFactory.Create(new VerifierConfig { Kind = "agreement", Endpoint = "second" }), "cheap", "strong");
        await using var cluster = await StartAsync(model);

        await using var updates = Stream(cluster, "cascade").GetAsyncEnumerator(Ct);
        var first = updates.MoveNextAsync().AsTask();
        Assert.False(first.IsCompleted);
        judging.SetResult();
        Assert.True(await first);
        Assert.Equal("cheap", updates.Current.Endpoint.Value);
        var (text, reply) = await ReadAsync(updates);

        Assert.Equal("#### 42", text);
        Assert.Equal(CascadeStatus.Answered, reply.Status);
    }

    [Fact]
    public async Task Stream_RejectedDraft_IsNeverSeenAndTheEscalationIsLive()
    {
        await using var cluster = await StartAsync(Cascade(StreamingCaller.Saying("I cannot ", "do that"), StreamingCaller.Saying("for", "ty", "two")));

        var updates = await Stream(cluster, "cascade").ToListAsync(Ct);

        Assert.Equal(["", "for", "ty", "two", ""], updates.Select(update => update.Text));
        Assert.Equal("strong", updates[0].Endpoint.Value);
        Assert.True(updates[^1].Reply!.Escalated);
    }

    [Fact]
    public async Task Stream_FailsBeforeTheFirstByte_FallsBackUnseen()
    {
        await using var cluster = await StartAsync(Cascade(StreamingCaller.Breaking(), StreamingCaller.Saying("forty-two")));

        var updates = await Stream(cluster, "cascade").ToListAsync(Ct);

        Assert.Equal(["", "forty-two", ""], updates.Select(update => update.Text));
        Assert.Equal(CascadeStatus.Answered, updates[^1].Reply!.Status);
        Assert.False(updates[^1].Reply!.Escalated);
    }

    [Fact]
    public async Task Stream_BreaksAfterTheFirstByte_EndsTypedWithoutASwitchAndHoldsTheInterval()
    {
        var other = StreamingCaller.Saying("never");
        var model = new TestModel().Endpoint("m", StreamingCaller.Breaking("half ", "an")).Endpoint("other", other)
            .Route("chain", "fallback-chain", null, "m", "other");
        await using var cluster = await StartAsync(model);

        var updates = await Stream(cluster, "chain").ToListAsync(Ct);

        Assert.Equal(["", "half ", "an", ""], updates.Select(update => update.Text));
        var reply = updates[^1].Reply!;
        Assert.Equal(CascadeStatus.StreamBroken, reply.Status);
        Assert.Empty(other.Streamed);
        var attempt = Assert.Single(reply.Attempts);
        Assert.Equal((Booking.Unconfirmed, 2 * Token, 100 * Token), (attempt.Booking, attempt.LeastCostNanos, attempt.CostNanos));
        Assert.Equal(100 * Token, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).UnconfirmedUpperNanos);
    }

    [Fact]
    public async Task Stream_Refused_EndsWithTheReplyAlone()
    {
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", StreamingCaller.Saying("x")));

        var update = Assert.Single(await Stream(cluster, "nobody").ToListAsync(Ct));

        Assert.Equal((CascadeUpdateKind.Ended, CascadeStatus.UnknownModel), (update.Kind, update.Reply!.Status));
    }

    [Fact]
    public async Task Stream_ReaderLeaves_TheCallIsToldAndBookedAndNothingLeaks()
    {
        var caller = new StreamingCaller(async (_, sink, ct) =>
        {
            sink.Accept("first");
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = ct.Register(() => left.TrySetResult());
            await left.Task;
            return ScriptedCaller.Answer("first", 1, 7);
        });
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller, e => e with { MaxInFlight = 1 }));

        await foreach (var update in Stream(cluster, "m"))
        {
            if (update.Kind == CascadeUpdateKind.Text)
            {
                break;
            }
        }

        await Eventually.HoldsAsync(
            async () => (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)) is { SettledNanos: 7 * Token, UnconfirmedUpperNanos: 0 },
            Patience,
            Ct);
        Assert.Equal(0, caller.InFlight);
    }

    [Fact]
    public async Task Stream_ReaderTooSlow_LosesTheStreamAndHoldsNoPermit()
    {
        var caller = new StreamingCaller(async (_, sink, ct) =>
        {
            await Task.Yield();
            for (var i = 0; i < 1_000 && !ct.IsCancellationRequested; i++)
            {
                sink.Accept(new string('x', 100));
            }

            return ScriptedCaller.Answer("long", 1, 100);
        });
        await using var cluster = await StartAsync(new TestModel().Endpoint("m", caller), options => options.StreamBuffer = 1_024);

        await using var updates = Stream(cluster, "m").GetAsyncEnumerator(Ct);
        Assert.True(await updates.MoveNextAsync());
        await Eventually.HoldsAsync(() => caller.InFlight == 0, Patience, Ct);
        var (text, reply) = await ReadAsync(updates);

        Assert.InRange(text.Length, 0, 3_000);
        Assert.Equal(CascadeStatus.Cancelled, reply.Status);
        Assert.Contains("too slow", reply.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_DraftThatCannotPass_IsStoppedEarlyOnlyWhereThatSavesMoney()
    {
        foreach (var (charge, calls) in ((BrokenStreamCharge, int)[])[(BrokenStreamCharge.Counted, 1), (BrokenStreamCharge.Unconfirmed, 0)])
        {
            var cheap = StreamingCaller.Saying(["I cannot do that", .. Enumerable.Repeat(" really", 50)]);
            var model = Cascade(cheap, StreamingCaller.Saying("forty-two"), charge);
            await using var cluster = await StartAsync(model);

            var updates = await Stream(cluster, "cascade").ToListAsync(Ct);

            var reply = updates[^1].Reply!;
            Assert.Equal(("forty-two", true), (string.Concat(updates.Select(update => update.Text)), reply.Escalated));
            Assert.Equal(calls, cheap.Streamed.Count);
            Assert.Equal(charge == BrokenStreamCharge.Counted ? AttemptOutcome.Stopped : AttemptOutcome.Answered, reply.Attempts[0].Outcome);
            Assert.Equal(charge == BrokenStreamCharge.Counted ? Token : 51 * Token, reply.Attempts[0].CostNanos);
            Assert.Contains("refusal", reply.Decisions[^2].Verdicts.SelectMany(verdict => verdict.Evidence));
            Assert.Equal(AttemptPurpose.Escalation, reply.Attempts[1].Purpose);
        }
    }

    private static TestModel Cascade(StreamingCaller cheap, StreamingCaller strong, BrokenStreamCharge charge = BrokenStreamCharge.Unconfirmed) => new TestModel()
        .Endpoint("cheap", cheap, e => e with { Quality = 0.7, Stream = new StreamPolicy { BrokenCharge = charge } })
        .Endpoint("strong", strong, e => e with { Quality = 0.95 })
        .Route("cascade", "threshold-pair", Judge, "cheap", "strong");

    private static Task<CascadeTestCluster> StartAsync(TestModel model, Action<Grains.Hosting.CascadeOptions>? configure = null) =>
        CascadeTestCluster.StartAsync(1, model.Account("acme", 10_000 * Token).Build(), configure);

    private static IAsyncEnumerable<CascadeUpdate> Stream(CascadeTestCluster cluster, string model) =>
        cluster.Client.GetGrain<ICascadeRouterGrain>(0).StreamAsync(CascadeTestCluster.Request("acme", model), Ct);

    private static async Task<(string Text, CascadeReply Reply)> ReadAsync(IAsyncEnumerator<CascadeUpdate> updates)
    {
        var text = "";
        while (await updates.MoveNextAsync())
        {
            text += updates.Current.Text;
            if (updates.Current.Reply is { } reply)
            {
                return (text, reply);
            }
        }

        throw new InvalidOperationException("the stream ended without a reply");
    }
}
