using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>Those who wait at a gate: their turn, their patience, and who is told at once that it would be too late.</summary>
public sealed partial class EndpointGateTests
{
    [Fact]
    public async Task Enter_OneAccountFloods_OnlyItIsTurnedAwayAndTheOtherIsNext()
    {
        _options.PermitQueue = 10;
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var flood = Enumerable.Range(0, 11).Select(_ => EnterAsync(gate)).ToArray();
        var other = EnterAsync(gate, "other");

        Assert.True(flood[10].IsCompleted);
        Assert.False(await flood[10]);
        Assert.False(other.IsCompleted);
        await LeaveOneAsync();
        await LeaveOneAsync();

        Assert.True(await other.WaitAsync(Ct));
        Assert.True(await flood[0].WaitAsync(Ct));
        Assert.All(flood[1..10], waiting => Assert.False(waiting.IsCompleted));
    }

    [Fact]
    public async Task Enter_NoPlaceInTime_IsFalseAndLeavesNoTrace()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var late = EnterAsync(gate);

        _time.Advance(_options.PermitWait);
        Assert.False(await late.WaitAsync(Ct));
        await LeaveOneAsync();

        Assert.Equal(0, _inFlight);
        Assert.True(await EnterAsync(gate).WaitAsync(Ct));
    }

    [Fact]
    public async Task Enter_CancelledWhileItWaits_LeavesTheLineToTheNext()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        using var goesAway = new CancellationTokenSource();
        var first = EnterAsync(gate, ct: goesAway.Token);
        var second = EnterAsync(gate);

        await goesAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await LeaveOneAsync();

        Assert.True(await second.WaitAsync(Ct));
        Assert.Equal(1, _inFlight);
    }

    [Fact]
    public async Task Enter_CancelledInTheMomentItIsLetIn_EitherIsInOrGaveItsPlaceBack()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        using var goesAway = new CancellationTokenSource();
        var waiting = EnterAsync(gate, ct: goesAway.Token);

        // Callbacks run last in, first out: the place comes free within the cancellation, before the wait hears of it.
        await using var registration = goesAway.Token.Register(LeaveOne);
        await goesAway.CancelAsync();
        var cancelled = await Record.ExceptionAsync(() => waiting.WaitAsync(Ct));

        Assert.Equal(cancelled is null ? 1 : 0, _inFlight);
    }

    [Fact]
    public async Task Enter_BurstAfterALull_NobodyIsTurnedAwayForHowLittleWasLetInDuringIt()
    {
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        await LeaveOneAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        var (first, second) = (new TaskCompletionSource<CapacityReply>(), new TaskCompletionSource<CapacityReply>());
        var asked = 0;
        _answer = _ => ++asked == 1 ? first.Task : second.Task;
        var burst = Enumerable.Range(0, 20).Select(_ => EnterAsync(gate)).ToList();
        first.SetResult(Grant(_requests[^1].Wanted));
        await Eventually.HoldsAsync(() => Volatile.Read(ref _inFlight) > 0, TimeSpan.FromSeconds(10), Ct);

        burst.AddRange(Enumerable.Range(0, 20).Select(_ => EnterAsync(gate)));
        second.SetResult(Grant(100));

        Assert.All(await Task.WhenAll(burst).WaitAsync(TimeSpan.FromSeconds(30), Ct), Assert.True);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Enter_BurstAfterCallsThatNothingHeldUp_IsNotMeasuredByHowManyCame(int seconds)
    {
        var gate = Gate();
        for (var second = 0; second < seconds; second++)
        {
            Assert.True(await EnterAsync(gate));
            await LeaveOneAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var reply = new TaskCompletionSource();
        _answer = async wanted =>
        {
            await reply.Task;
            return Grant(wanted);
        };
        var burst = Enumerable.Range(0, 500).Select(_ => EnterAsync(gate)).ToArray();
        reply.SetResult();

        Assert.All(await Task.WhenAll(burst).WaitAsync(TimeSpan.FromSeconds(30), Ct), Assert.True);
    }

    [Fact]
    public async Task Enter_MoreThanTheGateLetsInInTime_IsTurnedAwayAtOnce()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var waiting = Enumerable.Range(0, 100).Select(_ => EnterAsync(gate)).ToList();
        Assert.All(waiting, static w => Assert.False(w.IsCompleted));
        for (var second = 0; second < 8; second++)
        {
            await LeaveOneAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        // One a second, and more than are let in within half a minute wait already.
        var late = await gate.EnterAsync(Ask(Acme), Ct);

        Assert.Equal(PermitRefusal.TooLate, late.Refusal);
        Assert.InRange(late.RetryAfter, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(80));
    }

    [Fact]
    public async Task Enter_GrainIsSilentForAWhile_NobodyIsTurnedAwayForHowFewWereLetInMeanwhile()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var all = Enumerable.Range(0, 10).Select(_ => EnterAsync(gate)).ToList();
        await LeaveOneAsync();
        var reply = new TaskCompletionSource<CapacityReply>();
        _answer = _ => reply.Task;
        var renewal = gate.TendAsync(Ct);
        _time.Advance(TimeSpan.FromSeconds(6));

        all.AddRange(Enumerable.Range(0, 10).Select(_ => EnterAsync(gate)));
        Assert.All(all[10..], static waiting => Assert.False(waiting.IsCompleted));
        reply.SetResult(Grant(1));
        await renewal;

        // What was let in before says nothing of the pace after it either.
        all.AddRange(Enumerable.Range(0, 10).Select(_ => EnterAsync(gate)));
        Assert.All(all[20..], static waiting => Assert.False(waiting.IsCompleted));
    }

    [Fact]
    public async Task Enter_GrainCannotBeReachedForAWhile_NobodyIsTurnedAwayForHowFewWereLetInMeanwhile()
    {
        _answer = _ => Task.FromResult(Grant(1));
        var gate = Gate();
        Assert.True(await EnterAsync(gate));
        var waiting = Enumerable.Range(0, 10).Select(_ => EnterAsync(gate)).ToList();
        await LeaveOneAsync();
        _answer = _ => Task.FromException<CapacityReply>(new TimeoutException("scripted"));
        await Assert.ThrowsAsync<TimeoutException>(() => gate.TendAsync(Ct));
        _time.Advance(TimeSpan.FromSeconds(6));

        waiting.AddRange(Enumerable.Range(0, 10).Select(_ => EnterAsync(gate)));

        Assert.All(waiting[10..], static w => Assert.False(w.IsCompleted));
    }
}
