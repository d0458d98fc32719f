using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Grains.Routing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Grains.Reliability;

/// <summary>When a failed call is made again.</summary>
public sealed class RetryTests
{
    private static readonly AttemptRecord[] Endings =
    [
        StepFixture.Answered,
        StepFixture.Unbilled,
        StepFixture.Unconfirmed,
        StepFixture.Record(AttemptOutcome.Failed, AttemptBlame.Network, Booking.Voided),
        StepFixture.Record(AttemptOutcome.Failed, AttemptBlame.ProviderLimit, Booking.Voided),
        StepFixture.Record(AttemptOutcome.Failed, AttemptBlame.Caller, Booking.Voided),
        StepFixture.Record(AttemptOutcome.Failed, AttemptBlame.Operator, Booking.Voided),
        StepFixture.Record(AttemptOutcome.Unaffordable, AttemptBlame.Account, Booking.None),
        StepFixture.Record(AttemptOutcome.NoCapacity, AttemptBlame.Provider, Booking.None),
        StepFixture.Record(AttemptOutcome.Cancelled, AttemptBlame.Caller, Booking.Unconfirmed),
        StepFixture.Record(AttemptOutcome.Stopped, AttemptBlame.None, Booking.Settled),
    ];

    private static readonly int[] Asked = [0, 0, 50, 1_500, 100_000];

    private static readonly Gen<Scene> Scenes = Gen.Select(
        Gen.Int[0, Endings.Length + 5].Array[0, 8],
        Gen.Int[0, 4],
        Gen.Int[1, 6],
        Gen.Int[0, 3_000],
        Gen.Int[0, 4].Select(static i => Asked[i]),
        Gen.Bool,
        Gen.Int[0, 6],
        Gen.Int[0, 6],
        static (ends, retries, most, backoff, asked, unconfirmed, outAt, commitAt) => new Scene(
            [.. ends.Select(static e => e < Endings.Length ? e : 1)], retries, most, Math.Max(1, backoff), asked, unconfirmed, outAt, commitAt));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AttemptBlame.Provider, Booking.Voided, false, true)]
    [InlineData(AttemptBlame.Network, Booking.Voided, false, true)]
    [InlineData(AttemptBlame.ProviderLimit, Booking.Voided, false, true)]
    [InlineData(AttemptBlame.Provider, Booking.Unconfirmed, false, false)]
    [InlineData(AttemptBlame.Provider, Booking.Unconfirmed, true, true)]
    [InlineData(AttemptBlame.Provider, Booking.Settled, false, false)]
    [InlineData(AttemptBlame.Caller, Booking.Voided, true, false)]
    [InlineData(AttemptBlame.Operator, Booking.Voided, true, false)]
    [InlineData(AttemptBlame.Account, Booking.Voided, true, false)]
    [InlineData(AttemptBlame.Cluster, Booking.Voided, true, false)]
    public void MayPass_FailedCall_OnlyWhatIsNotOursAndNotBilled(AttemptBlame blame, Booking booking, bool unconfirmedToo, bool expected) =>
        Assert.Equal(expected, RetryRule.MayPass(StepFixture.Record(AttemptOutcome.Failed, blame, booking), unconfirmedToo));

    [Fact]
    public void Wait_EachRepetition_DoublesItsBoundAndComesOnTopOfWhatWasAsked()
    {
        var model = new ReliabilityModel { RetryBackoff = TimeSpan.FromMilliseconds(100) };

        Assert.Equal([0, 50, 100], new[] { 0.0, 0.5, 1.0 }.Select(unit => RetryRule.Wait(model, 0, unit, default).TotalMilliseconds));
        Assert.Equal(400, RetryRule.Wait(model, 2, 1, default).TotalMilliseconds);
        Assert.Equal(2_050, RetryRule.Wait(model, 0, 0.5, TimeSpan.FromSeconds(2)).TotalMilliseconds);
    }

    [Fact]
    public async Task Run_FailsTwiceUnbilled_IsMadeAgainUnderIdsOfItsOwn()
    {
        var step = new StepFixture().Script(StepFixture.Unbilled, StepFixture.Unbilled, StepFixture.Answered);

        var result = await step.RunAsync(Ct);

        Assert.True(result.Attempt.Answered);
        Assert.Equal([AttemptRepetition.None, AttemptRepetition.Retry, AttemptRepetition.Retry], result.Attempts.Select(a => a.Record.Repetition));
        Assert.Equal(3, step.Calls.Select(c => c.Plan.AttemptId).Distinct().Count());
        Assert.All(step.Calls, c => Assert.Equal(AttemptPurpose.Draft, c.Plan.Purpose));
    }

    [Fact]
    public async Task Run_CallerLeavesWhileItWaits_EndsWithoutAnotherCall()
    {
        using var caller = new CancellationTokenSource();
        var step = new StepFixture { RetryAfter = TimeSpan.FromSeconds(1) };
        var running = step.StartAsync(caller.Token);

        await caller.CancelAsync();
        var result = await running.WaitAsync(Ct);

        Assert.Equal(AttemptOutcome.Failed, Assert.Single(result.Attempts).Record.Outcome);
    }

    [Fact]
    public async Task Run_ProviderIsDown_RepetitionsStayBelowTheirShare()
    {
        var step = new StepFixture { Reliability = new ReliabilityModel { Retries = 3, RetryShare = 0.2, RetryBackoff = TimeSpan.FromMilliseconds(1) } };

        for (var i = 0; i < 100; i++)
        {
            await step.RunAsync(Ct);
        }

        // A burst of ten, and one for five calls.
        Assert.InRange(step.Calls.Count, 100 + 25, 100 + 30);
    }

    [Fact]
    public Task Run_AnyScript_RepeatsOnlyWhatMayPassInTimeAndInNumber() => Scenes.SampleAsync(static async scene => { await PlayAsync(scene); }, iter: 400, threads: 1);

    [Fact]
    public async Task Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        await Scenes.SampleAsync(async scene => seen.UnionWith(await PlayAsync(scene)), iter: 600, threads: 1);

        string[] wanted =
        [
            "answered after a repetition", "all retries used", "all attempts used", "not repeatable", "past the deadline", "out of use", "committed", "waited as asked",
            "unconfirmed repeated",
        ];
        Assert.Empty(wanted.Except(seen));
    }

    private static async Task<HashSet<string>> PlayAsync(Scene scene)
    {
        var seen = new HashSet<string>();
        var step = new StepFixture
        {
            Reliability = new ReliabilityModel
            {
                Retries = scene.Retries,
                RetryShare = 1,
                RetryBackoff = TimeSpan.FromMilliseconds(scene.BackoffMs),
                RetryUnconfirmed = scene.UnconfirmedToo,
            },
            MaxAttempts = scene.MaxAttempts,
            RetryAfter = TimeSpan.FromMilliseconds(scene.AskedMs),
            Deadline = TimeSpan.FromSeconds(10),
        }.Script([.. scene.Ends.Select(static e => Endings[e])]);
        step.OnCall = call =>
        {
            step.Committed |= call == scene.CommitAt;
            if (call == scene.OutAt)
            {
                step.Out.Add("m");
            }
        };
        var result = await step.RunAsync(default);

        Assert.Equal(step.Calls.Count, result.Attempts.Count);
        Assert.InRange(result.Attempts.Count, 1, Math.Min(scene.MaxAttempts, 1 + scene.Retries));
        Assert.All(result.Attempts.SkipLast(1), a => Assert.True(RetryRule.MayPass(a.Record, scene.UnconfirmedToo)));
        // The clock of the test moves by 10 milliseconds.
        Assert.All(step.Calls, c => Assert.True(c.At < TimeSpan.FromSeconds(10.01)));
        foreach (var (before, after) in step.Calls.Zip(step.Calls.Skip(1)))
        {
            Assert.True(after.At - before.At >= step.RetryAfter);
        }

        Assert.True(scene.CommitAt == 0 || result.Attempts.Count <= scene.CommitAt, "no call after a word is out");
        Assert.True(scene.OutAt == 0 || result.Attempts.Count <= scene.OutAt, "no call to what is out of use");
        Note(scene, step, result, seen);
        return seen;
    }

    private static void Note(Scene scene, StepFixture step, StepResult result, HashSet<string> seen)
    {
        var (last, count) = (result.Attempt, result.Attempts.Count);
        var mayPass = RetryRule.MayPass(last.Record, scene.UnconfirmedToo);
        (string Name, bool Holds)[] cases =
        [
            ("answered after a repetition", last.Answered && count > 1),
            ("all retries used", mayPass && count == 1 + scene.Retries && count > 1),
            ("all attempts used", mayPass && count == scene.MaxAttempts && count < 1 + scene.Retries),
            ("not repeatable", !mayPass && !last.Answered),
            ("past the deadline", mayPass && scene.AskedMs > 10_000 && count < Math.Min(scene.MaxAttempts, 1 + scene.Retries)),
            ("out of use", mayPass && scene.OutAt == count && count < Math.Min(scene.MaxAttempts, 1 + scene.Retries)),
            ("committed", mayPass && scene.CommitAt == count && count < Math.Min(scene.MaxAttempts, 1 + scene.Retries)),
            ("waited as asked", scene.AskedMs > 0 && count > 1),
            ("unconfirmed repeated", result.Attempts.SkipLast(1).Any(static a => a.Record.Booking == Booking.Unconfirmed)),
        ];
        seen.UnionWith(cases.Where(static c => c.Holds).Select(static c => c.Name));
        Assert.True(count == 1 || step.Calls[1].Plan.Repetition == AttemptRepetition.Retry);
    }

    private sealed record Scene(int[] Ends, int Retries, int MaxAttempts, int BackoffMs, int AskedMs, bool UnconfirmedToo, int OutAt, int CommitAt);
}
