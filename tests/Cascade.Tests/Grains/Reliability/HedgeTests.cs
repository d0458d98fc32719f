using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Model;
using Cascade.Grains.Routing;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Grains.Reliability;

/// <summary>Second calls beside late ones. What a lane does hangs on the other one and not on the clock, which only makes the first one late.</summary>
public sealed class HedgeTests : IDisposable
{
    private static readonly AttemptRecord GivenUp = StepFixture.Record(AttemptOutcome.Cancelled, AttemptBlame.Caller, Booking.Unconfirmed);

    private readonly TaskCompletionSource _second = new();
    private readonly StepFixture _step = new() { Reliability = Hedging };

    public HedgeTests() => _step.OnCall = call => _ = call == 2 && _second.TrySetResult();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ReliabilityModel Hedging { get; } = new() { HedgeAfter = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Run_AnsweredInTime_IsOneCall()
    {
        _step.Answer = static (_, _) => Task.FromResult(StepFixture.Answered);

        Assert.True(Assert.Single((await _step.RunAsync(Ct)).Attempts).Answered);
    }

    [Fact]
    public async Task Run_FirstIsLate_TheSecondAnswersAndTheFirstIsGivenUp()
    {
        Lanes(NeverAsync, AtOnceAsync);

        var result = await _step.RunAsync(Ct);

        Assert.Equal([AttemptRepetition.None, AttemptRepetition.Hedge], result.Attempts.Select(a => a.Record.Repetition));
        Assert.Equal((1, AttemptOutcome.Answered, AttemptOutcome.Cancelled), (result.Outcome, result.Attempt.Record.Outcome, result.Attempts[0].Record.Outcome));
        Assert.True(_step.Calls[1].At >= TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Run_FirstIsLateAndStillFirst_TheSecondIsGivenUp()
    {
        Lanes(OnceBothRunAsync, NeverAsync);

        var result = await _step.RunAsync(Ct);

        Assert.Equal((0, 2), (result.Outcome, result.Attempts.Count));
        Assert.Equal(AttemptOutcome.Cancelled, result.Attempts[1].Record.Outcome);
    }

    [Fact]
    public async Task Run_GivenUpButGoesOn_IsReportedAtTheMostItCanCost()
    {
        Lanes(static _ => new TaskCompletionSource<AttemptRecord>().Task, AtOnceAsync);

        var result = await _step.RunAsync(Ct);

        var lost = result.Attempts[0].Record;
        Assert.Equal((AttemptOutcome.Outrun, Booking.Unconfirmed, 100 * TestModel.TokenNanos), (lost.Outcome, lost.Booking, lost.CostNanos));
        Assert.Equal(_step.Calls[0].Plan.AttemptId, lost.AttemptId);
        Assert.True(result.Attempt.Answered);
    }

    [Fact]
    public async Task Run_SecondStillWaitsForMoneyWhenTheFirstAnswers_IsNoPartOfTheStory()
    {
        _step.IsMade = static plan => plan.Repetition != AttemptRepetition.Hedge;
        Lanes(OnceBothRunAsync, static _ => new TaskCompletionSource<AttemptRecord>().Task);

        var result = await _step.RunAsync(Ct);

        Assert.True(Assert.Single(result.Attempts).Answered);
    }

    [Fact]
    public async Task Run_FirstStillWaitsForMoneyWhenTheSecondAnswers_IsReportedToCostNothing()
    {
        _step.IsMade = static plan => plan.Repetition == AttemptRepetition.Hedge;
        Lanes(static _ => new TaskCompletionSource<AttemptRecord>().Task, AtOnceAsync);

        var result = await _step.RunAsync(Ct);

        var lost = result.Attempts[0].Record;
        Assert.Equal((AttemptOutcome.Outrun, Booking.None, 0L), (lost.Outcome, lost.Booking, lost.CostNanos));
        Assert.True(result.Attempt.Answered);
    }

    [Fact]
    public void TryGo_AnotherHasWon_IsNotMade()
    {
        using var race = new Race(Ct);
        Assert.True(race.TryGo(0));
        Assert.True(race.TryWin(0));

        Assert.False(race.TryGo(1));
        Assert.True(race.TryGo(0));
        Assert.Equal((true, false), (race.HasGone(0), race.HasGone(1)));
    }

    [Theory]
    [InlineData(AttemptRepetition.None)]
    [InlineData(AttemptRepetition.Hedge)]
    public async Task Run_OneOfTwoFails_TheOtherCounts(AttemptRepetition failing)
    {
        var failed = new TaskCompletionSource();
        _step.Answer = async (plan, _) =>
        {
            if (plan.Repetition == failing)
            {
                await _second.Task;
                failed.TrySetResult();
                return StepFixture.Unbilled;
            }

            await failed.Task;
            return StepFixture.Answered;
        };

        var result = await _step.RunAsync(Ct);

        Assert.True(result.Attempt.Answered);
        Assert.NotEqual(failing, result.Attempt.Record.Repetition);
        Assert.Equal(2, result.Attempts.Count);
    }

    [Fact]
    public async Task Run_BothFail_IsOneStepThatMayBeRepeated()
    {
        _step.Reliability = Hedging with { Retries = 1, RetryBackoff = TimeSpan.FromMilliseconds(1) };
        _step.Answer = async (plan, _) =>
        {
            await _second.Task;
            return plan.Repetition == AttemptRepetition.Retry ? StepFixture.Answered : StepFixture.Unbilled;
        };

        var result = await _step.RunAsync(Ct);

        Assert.Equal([AttemptRepetition.None, AttemptRepetition.Hedge, AttemptRepetition.Retry], result.Attempts.Select(a => a.Record.Repetition));
        Assert.True(result.Attempt.Answered);
    }

    [Fact]
    public async Task Run_TheSecondCannotBePaid_TheFirstGoesOnAlone()
    {
        var refused = StepFixture.Record(AttemptOutcome.Unaffordable, AttemptBlame.Account, Booking.None);
        Lanes(OnceBothRunAsync, _ => Task.FromResult(refused));

        Assert.True(Assert.Single((await _step.RunAsync(Ct)).Attempts).Answered);
    }

    [Fact]
    public async Task Run_EveryCallIsLate_SecondCallsStayBelowTheirShare()
    {
        _step.Reliability = Hedging with { HedgeShare = 0.1 };
        _step.OnCall = null;
        _step.Answer = async (plan, ct) => plan.Repetition == AttemptRepetition.Hedge || await _step.PassesAsync(TimeSpan.FromMinutes(10), ct) ? StepFixture.Answered : GivenUp;

        for (var i = 0; i < 60; i++)
        {
            await _step.RunAsync(Ct);
        }

        // Five at first, and one for ten calls.
        Assert.InRange(_step.Calls.Count(c => c.Plan.Repetition == AttemptRepetition.Hedge), 8, 11);
    }

    [Fact]
    public async Task Run_TheTimeIsLearned_CallsThatAreAlwaysSoSlowAreHedgedSeldom()
    {
        _step.Reliability = Hedging with { HedgeQuantile = 0.9, HedgeShare = 1 };
        _step.OnCall = null;
        _step.Answer = async (_, ct) => await _step.PassesAsync(TimeSpan.FromMilliseconds(400), ct) ? StepFixture.Answered : GivenUp;
        var hedged = new List<bool>();

        for (var i = 0; i < 80; i++)
        {
            var before = _step.Calls.Count;
            await _step.RunAsync(Ct);
            hedged.Add(_step.Calls.Skip(before).Any(static c => c.Plan.Repetition == AttemptRepetition.Hedge));
        }

        Assert.All(hedged.Take(5), Assert.True);
        Assert.InRange(hedged.TakeLast(40).Count(static h => h), 0, 15);
    }

    public static TheoryData<string> Hindrances => ["scarce", "paused", "out", "no calls left", "committed"];

    [Theory]
    [MemberData(nameof(Hindrances))]
    public async Task Run_NoRoomOrNoCallsLeftOrCommitted_IsNotHedged(string hindrance)
    {
        _step.Standings["m"] = hindrance switch
        {
            "scarce" => new EndpointStanding { CongestionPrice = 0.001 },
            "paused" => new EndpointStanding { PausedFor = TimeSpan.FromSeconds(1) },
            "out" => new EndpointStanding { IsOut = true },
            _ => default,
        };
        _step.MaxAttempts = hindrance == "no calls left" ? 1 : 16;
        _step.Committed = hindrance == "committed";
        Lanes(async ct => await _step.PassesAsync(TimeSpan.FromMinutes(10), ct) ? StepFixture.Answered : GivenUp, AtOnceAsync);

        Assert.Equal(AttemptRepetition.None, Assert.Single((await _step.RunAsync(Ct)).Attempts).Record.Repetition);
    }

    [Fact]
    public async Task Run_OfAGroup_TheSecondGoesToAnotherDeployment()
    {
        for (var i = 0; i < 20; i++)
        {
            var step = new StepFixture { Reliability = Hedging, Deployments = ["a", "b"] };
            step.Answer = static (plan, ct) => plan.Repetition == AttemptRepetition.Hedge ? AtOnceAsync(ct) : NeverAsync(ct);

            await step.RunAsync(Ct);

            Assert.Equal(["a", "b"], step.Calls.Select(c => c.Plan.Endpoint.Id.Value).Order(StringComparer.Ordinal));
            Assert.All(step.Calls, c => Assert.Equal("group", c.Plan.Group));
        }
    }

    [Fact]
    public async Task Run_CallerLeaves_BothAreTold()
    {
        using var caller = new CancellationTokenSource();
        Lanes(NeverAsync, NeverAsync);
        _step.OnCall = call =>
        {
            if (call == 2)
            {
                caller.Cancel();
            }
        };

        var result = await _step.RunAsync(caller.Token);

        Assert.All(result.Attempts, a => Assert.Equal(AttemptOutcome.Cancelled, a.Record.Outcome));
    }

    public void Dispose() => _step.Dispose();

    private static Task<AttemptRecord> AtOnceAsync(CancellationToken ct) => Task.FromResult(StepFixture.Answered);

    private static async Task<AttemptRecord> NeverAsync(CancellationToken ct)
    {
        var left = new TaskCompletionSource();
        await using var registration = ct.Register(() => left.TrySetResult());
        await left.Task;
        return GivenUp;
    }

    private async Task<AttemptRecord> OnceBothRunAsync(CancellationToken ct)
    {
        await _second.Task.WaitAsync(ct);
        return StepFixture.Answered;
    }

    private void Lanes(Func<CancellationToken, Task<AttemptRecord>> first, Func<CancellationToken, Task<AttemptRecord>> second) =>
        _step.Answer = (plan, ct) => plan.Repetition == AttemptRepetition.Hedge ? second(ct) : first(ct);
}
