using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Telemetry;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Orleans.Serialization;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>A request with an idempotency key is run, and paid, once.</summary>
public sealed class RepeatedRequestTests
{
    private const long Cost = 10 * TestModel.TokenNanos;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_RepeatedOnAnotherSilo_IsTheSameReplyAndFree()
    {
        var caller = ScriptedCaller.Answering("42");
        await using var cluster = await StartAsync(2, caller);

        var first = await AskAsync(cluster, Request("order-7"), silo: 0);
        var again = await AskAsync(cluster, Request("order-7"), silo: 1);

        Assert.Equal((CascadeStatus.Answered, Cost, false), (first.Status, first.CostNanos, first.Replayed));
        Assert.Equal((CascadeStatus.Answered, 0L, true), (again.Status, again.CostNanos, again.Replayed));
        Assert.Equal((first.Text, first.Usage, first.FinishReason, first.Endpoint), (again.Text, again.Usage, again.FinishReason, again.Endpoint));
        Assert.Equal(first.Origin, again.Origin);
        Assert.Single(caller.Served);
        Assert.Equal(Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Fact]
    public async Task Complete_TwentyAtOnce_RunsOneAndGivesAllItsReply()
    {
        var held = new HeldCaller();
        await using var cluster = await StartAsync(2, held.Caller);

        var asked = Enumerable.Range(0, 20).Select(i => AskAsync(cluster, Request("order-7"), silo: i % 2)).ToArray();
        await held.Called.WaitAsync(Ct);
        held.Release();
        var replies = await Task.WhenAll(asked);

        Assert.All(replies, reply => Assert.Equal((CascadeStatus.Answered, "42"), (reply.Status, reply.Text)));
        Assert.Single(replies, reply => !reply.Replayed);
        Assert.Single(replies.Select(reply => reply.Origin).Distinct());
        Assert.Equal(Cost, replies.Sum(reply => reply.CostNanos));
        Assert.Single(held.Caller.Served);
    }

    [Fact]
    public async Task Complete_SameKeyOtherContent_IsRefusedAndNotRun()
    {
        var caller = ScriptedCaller.Answering("42");
        await using var cluster = await StartAsync(1, caller);
        await AskAsync(cluster, Request("order-7"), silo: 0);

        var other = await AskAsync(cluster, Request("order-7") with { Sampling = new SamplingOptions { Temperature = 1 } }, silo: 0);

        Assert.Equal(CascadeStatus.IdempotencyKeyReused, other.Status);
        Assert.Single(caller.Served);
    }

    [Fact]
    public async Task Complete_SameKeyInAnotherAccount_IsAnotherRequest()
    {
        var caller = ScriptedCaller.Answering("42");
        await using var cluster = await StartAsync(1, caller);
        await AskAsync(cluster, Request("order-7"), silo: 0);

        var other = await AskAsync(cluster, Request("order-7") with { Account = new AccountId("other") }, silo: 0);

        Assert.Equal((CascadeStatus.Answered, false), (other.Status, other.Replayed));
        Assert.Equal(2, caller.Served.Count);
    }

    [Fact]
    public async Task Complete_FirstOneFailed_IsRunAgain()
    {
        var calls = 0;
        var caller = new ScriptedCaller((_, _) => Task.FromResult(Interlocked.Increment(ref calls) == 1
            ? new ModelCallResult { Status = ModelCallStatus.ProviderError, Billing = BillingCertainty.NotBilled, Error = "scripted" }
            : ScriptedCaller.Answer("42", 1, 10)));
        await using var cluster = await StartAsync(1, caller);

        var first = await AskAsync(cluster, Request("order-7"), silo: 0);
        var again = await AskAsync(cluster, Request("order-7"), silo: 0);

        Assert.Equal(CascadeStatus.ProviderFailed, first.Status);
        Assert.Equal((CascadeStatus.Answered, false, Cost), (again.Status, again.Replayed, again.CostNanos));
    }

    [Fact]
    public async Task Complete_FirstOneStillRunsAfterTheWait_IsBusy()
    {
        var held = new HeldCaller();
        await using var cluster = await StartAsync(1, held.Caller, wait: TimeSpan.Zero);
        var first = AskAsync(cluster, Request("order-7"), silo: 0);
        await held.Called.WaitAsync(Ct);

        var second = await AskAsync(cluster, Request("order-7"), silo: 0);

        Assert.Equal(CascadeStatus.IdempotencyKeyBusy, second.Status);
        Assert.True(second.Status.IsTransient());
        held.Release();
        Assert.Equal(CascadeStatus.Answered, (await first).Status);
    }

    [Fact]
    public async Task Complete_CallerGoesAway_ItsRepetitionGetsWhatWasPaid()
    {
        var held = new HeldCaller();
        await using var cluster = await StartAsync(2, held.Caller);
        using var ended = new SiloCounter(CascadeTelemetry.Metrics.Requests, [cluster.ServicesOf(0)]);
        using var gone = new CancellationTokenSource();
        var first = cluster.Silo(0).GetGrain<ICascadeRouterGrain>(0).CompleteAsync(Request("order-7"), gone.Token);
        await held.Called.WaitAsync(Ct);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Eventually.HoldsAsync(() => ended.Count == 1, Patience, Ct);

        var again = AskAsync(cluster, Request("order-7"), silo: 1);
        held.Release();

        Assert.Equal((CascadeStatus.Answered, "42", 0L, true), ((await again).Status, (await again).Text, (await again).CostNanos, (await again).Replayed));
        Assert.Single(held.Caller.Served);
        Assert.Equal(Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Fact]
    public async Task Complete_CallerGoesAwayAndTooManyRunOn_IsEndedLikeOneWithoutAKey()
    {
        var held = new HeldCaller();
        await using var cluster = await StartAsync(1, held.Caller, configure: static options => options.UnattendedRuns = 0);
        using var gone = new CancellationTokenSource();
        var first = cluster.Silo(0).GetGrain<ICascadeRouterGrain>(0).CompleteAsync(Request("order-7"), gone.Token);
        await held.Called.WaitAsync(Ct);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Eventually.HoldsAsync(() => held.Caller.InFlight == 0, Patience, Ct);

        var again = await AskAsync(cluster, Request("order-7"), silo: 0);

        Assert.Equal((CascadeStatus.Answered, false), (again.Status, again.Replayed));
    }

    [Fact]
    public async Task Complete_DeadlinePasses_SaysWhatWasTriedAndKeepsNothing()
    {
        var held = new HeldCaller();
        await using var cluster = await StartAsync(1, held.Caller, configure: static options => options.RequestDeadline = TimeSpan.FromSeconds(2));

        var late = await AskAsync(cluster, Request("order-7"), silo: 0);

        Assert.Equal(CascadeStatus.DeadlinePassed, late.Status);
        Assert.Single(late.Attempts);
        Assert.DoesNotContain("kept", late.Problem, StringComparison.Ordinal);
        held.Release();
        var again = await AskAsync(cluster, Request("order-7"), silo: 0);
        Assert.Equal((CascadeStatus.Answered, false), (again.Status, again.Replayed));
    }

    [Fact]
    public async Task Stream_ReaderTakesNothing_IsToldWhyAndItsRepetitionGetsTheAnswer()
    {
        var (go, sent, end) = (NewSignal(), NewSignal(), NewSignal());
        var part = new string('x', 1_000);
        var caller = new StreamingCaller(async (_, sink, _) =>
        {
            sink.Accept(part);
            await go.Task;
            sink.Accept(part);
            sink.Accept(part);
            sent.SetResult();
            await end.Task;
            return ScriptedCaller.Answer(part + part + part, 1, 10);
        });
        await using var cluster = await StartAsync(1, caller, configure: static options => options.StreamBuffer = 1_024);
        await using var reader = StreamAsync(cluster, silo: 0).GetAsyncEnumerator(Ct);
        Assert.True(await reader.MoveNextAsync());
        Assert.True(await reader.MoveNextAsync());
        go.SetResult();
        await sent.Task.WaitAsync(Patience, Ct);
        CascadeReply? told = null;
        while (await reader.MoveNextAsync())
        {
            told = reader.Current.Reply;
        }

        Assert.Equal(CascadeStatus.Cancelled, told?.Status);
        Assert.Contains("too slow", told?.Problem, StringComparison.Ordinal);
        end.SetResult();
        Assert.Equal([part + part + part], TextsOf(await StreamAsync(cluster, silo: 0).ToListAsync(Ct)));
        Assert.Single(caller.Streamed);
    }

    [Fact]
    public async Task Stream_Repeated_IsTheSameAnswerAndFree()
    {
        var caller = StreamingCaller.Saying("for", "ty", "two");
        await using var cluster = await StartAsync(2, caller);

        var first = await StreamAsync(cluster, silo: 0).ToListAsync(Ct);
        var again = await StreamAsync(cluster, silo: 1).ToListAsync(Ct);

        Assert.Equal(["for", "ty", "two"], TextsOf(first));
        Assert.Equal(["fortytwo"], TextsOf(again));
        Assert.Equal((true, 0L, first[^1].Reply!.Origin), (again[^1].Reply!.Replayed, again[^1].Reply!.CostNanos, again[^1].Reply!.Origin));
        Assert.Single(caller.Streamed);
    }

    [Fact]
    public async Task Stream_ReaderGoesAwayInTheMiddle_ItsRepetitionGetsWhatWasPaid()
    {
        var held = NewSignal();
        var caller = new StreamingCaller(async (_, sink, ct) =>
        {
            sink.Accept("forty");
            await held.Task.WaitAsync(ct);
            sink.Accept("two");
            return ScriptedCaller.Answer("fortytwo", 1, 10);
        });
        await using var cluster = await StartAsync(2, caller);
        await using (var reader = StreamAsync(cluster, silo: 0).GetAsyncEnumerator(Ct))
        {
            Assert.True(await reader.MoveNextAsync());
            Assert.True(await reader.MoveNextAsync());
            Assert.Equal("forty", reader.Current.Text);
        }

        var again = StreamAsync(cluster, silo: 1).ToListAsync(Ct).AsTask();
        held.SetResult();

        Assert.Equal(["fortytwo"], TextsOf(await again));
        Assert.True((await again)[^1].Reply!.Replayed);
        Assert.Single(caller.Streamed);
        Assert.Equal(Cost, (await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct)).SettledNanos);
    }

    [Fact]
    public async Task Complete_StoreIsAway_RunsNothing()
    {
        var caller = ScriptedCaller.Answering("42");
        await using var cluster = await StartAsync(1, caller);
        cluster.Replays.IsDown = true;

        var reply = await AskAsync(cluster, Request("order-7"), silo: 0);

        Assert.Equal(CascadeStatus.IdempotencyUnavailable, reply.Status);
        Assert.Empty(caller.Served);
    }

    [Fact]
    public async Task Serialize_ReplyAndRequest_SurviveTheStore()
    {
        await using var cluster = await StartAsync(1, ScriptedCaller.Answering("42"));
        var serializer = (Serializer)cluster.ServicesOf(0).GetService(typeof(Serializer))!;
        var reply = await AskAsync(cluster, Request("order-7"), silo: 0);

        var back = serializer.Deserialize<CascadeReply>(serializer.SerializeToArray(reply));

        Assert.Equal(serializer.SerializeToArray(reply), serializer.SerializeToArray(back));
        Assert.Equal(serializer.SerializeToArray(Request("x")), serializer.SerializeToArray(Request("x")));
    }

    private static CascadeRequest Request(string key) => CascadeTestCluster.Request("acme", "m") with { IdempotencyKey = key };

    private static Task<CascadeReply> AskAsync(CascadeTestCluster cluster, CascadeRequest request, int silo) =>
        cluster.Silo(silo).GetGrain<ICascadeRouterGrain>(0).CompleteAsync(request, Ct);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IAsyncEnumerable<CascadeUpdate> StreamAsync(CascadeTestCluster cluster, int silo) =>
        cluster.Silo(silo).GetGrain<ICascadeRouterGrain>(0).StreamAsync(Request("order-7"), Ct);

    private static IEnumerable<string> TextsOf(IEnumerable<CascadeUpdate> updates) =>
        updates.Where(static u => u.Kind == CascadeUpdateKind.Text).Select(static u => u.Text);

    private static Task<CascadeTestCluster> StartAsync(short silos, IModelCaller caller, TimeSpan? wait = null, Action<CascadeOptions>? configure = null)
    {
        var model = new TestModel().Endpoint("m", caller).Account("acme", 1_000 * Cost).Account("other", 1_000 * Cost).Build();
        return CascadeTestCluster.StartAsync(silos, model, options =>
        {
            options.IdempotencyWait = wait ?? options.IdempotencyWait;
            configure?.Invoke(options);
        });
    }
}
