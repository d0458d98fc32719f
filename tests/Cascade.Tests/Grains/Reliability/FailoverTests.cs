using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Model;
using Xunit;

namespace Cascade.Tests.Grains.Reliability;

/// <summary>Deployments of a group that stand in for each other.</summary>
public sealed class FailoverTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AttemptOutcome.Failed, AttemptBlame.Provider, Booking.Voided)]
    [InlineData(AttemptOutcome.Failed, AttemptBlame.Provider, Booking.Unconfirmed)]
    [InlineData(AttemptOutcome.Failed, AttemptBlame.Network, Booking.Voided)]
    [InlineData(AttemptOutcome.Failed, AttemptBlame.ProviderLimit, Booking.Voided)]
    [InlineData(AttemptOutcome.Failed, AttemptBlame.Operator, Booking.Voided)]
    [InlineData(AttemptOutcome.Failed, AttemptBlame.Account, Booking.Voided)]
    [InlineData(AttemptOutcome.NoCapacity, AttemptBlame.Cluster, Booking.None)]
    [InlineData(AttemptOutcome.NoCapacity, AttemptBlame.Provider, Booking.None)]
    public async Task Run_OneDeploymentFailsOrHasNoPlace_AnotherStandsInAtOnce(AttemptOutcome outcome, AttemptBlame blame, Booking booking)
    {
        var step = Group("a", "b", "c").Script(StepFixture.Record(outcome, blame, booking), StepFixture.Answered);

        var result = await step.RunAsync(Ct);

        Assert.True(result.Attempt.Answered);
        Assert.Equal([AttemptRepetition.None, AttemptRepetition.Failover], result.Attempts.Select(a => a.Record.Repetition));
        Assert.Equal(step.Calls[0].At, step.Calls[1].At);
        Assert.NotEqual(step.Calls[0].Plan.Endpoint.Id, step.Calls[1].Plan.Endpoint.Id);
    }

    [Theory]
    [InlineData(AttemptOutcome.Failed, AttemptBlame.Caller, Booking.Voided)]
    [InlineData(AttemptOutcome.Cancelled, AttemptBlame.Caller, Booking.Unconfirmed)]
    [InlineData(AttemptOutcome.Stopped, AttemptBlame.None, Booking.Settled)]
    [InlineData(AttemptOutcome.Unaffordable, AttemptBlame.Account, Booking.None)]
    public async Task Run_WhatIsWrongIsTheRequestOrTheMoney_NobodyStandsIn(AttemptOutcome outcome, AttemptBlame blame, Booking booking)
    {
        var step = Group("a", "b").Script(StepFixture.Record(outcome, blame, booking));

        Assert.Single((await step.RunAsync(Ct)).Attempts);
    }

    [Fact]
    public async Task Run_CannotPayForADearDeployment_ACheaperOneIsAskedAndNoDearer()
    {
        var step = Group("dear", "dearer", "cheap");
        step.Endpoint = static e => e with { ExpectedCostNanos = e.Id.Value switch { "cheap" => 1, "dear" => 10, _ => 11 } };
        step.Answer = (plan, _) => Task.FromResult(plan.Endpoint.Id.Value == "cheap"
            ? StepFixture.Answered
            : StepFixture.Record(AttemptOutcome.Unaffordable, AttemptBlame.Account, Booking.None));

        for (var i = 0; i < 20; i++)
        {
            step.Calls.Clear();
            Assert.True((await step.RunAsync(Ct)).Attempt.Answered);
            Assert.True(step.Calls.Zip(step.Calls.Skip(1)).All(c => c.First.Plan.Endpoint.ExpectedCostNanos > c.Second.Plan.Endpoint.ExpectedCostNanos));
        }
    }

    [Fact]
    public async Task Run_AllFail_EachIsAskedOnceThenRepeatedAsConfigured()
    {
        var step = Group("a", "b", "c");
        step.Reliability = new ReliabilityModel { Retries = 1, RetryShare = 1 };

        var result = await step.RunAsync(Ct);

        Assert.Equal(3, result.Attempts.Take(3).Select(a => a.Record.Endpoint).Distinct().Count());
        Assert.Equal(
            [AttemptRepetition.None, AttemptRepetition.Failover, AttemptRepetition.Failover, AttemptRepetition.Retry], result.Attempts.Select(a => a.Record.Repetition));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public async Task Run_OneMayBeBilledAndTheOtherFails_IsRepeatedOnlyWhereThatIsWanted(bool wanted, int calls)
    {
        var step = Group("a", "b").Script(StepFixture.Unconfirmed, StepFixture.Unbilled, StepFixture.Answered);
        step.Reliability = new ReliabilityModel { Retries = 1, RetryShare = 1, RetryUnconfirmed = wanted };

        Assert.Equal(calls, (await step.RunAsync(Ct)).Attempts.Count);
    }

    [Fact]
    public async Task Run_OneAsksForAMinuteAndTheOtherIsReady_WaitsForTheReadyOne()
    {
        var step = Group("a", "b").Script(StepFixture.Unbilled, StepFixture.Unbilled, StepFixture.Answered);
        step.Reliability = new ReliabilityModel { Retries = 1, RetryShare = 1 };
        step.RetryAfter = TimeSpan.FromMinutes(1);
        step.Standings["a"] = new EndpointStanding { PausedFor = TimeSpan.FromMinutes(1) };

        var result = await step.RunAsync(Ct);

        Assert.True(result.Attempt.Answered);
        Assert.True(step.Calls[2].At - step.Calls[1].At < TimeSpan.FromSeconds(10), $"waited {step.Calls[2].At - step.Calls[1].At}");
    }

    [Fact]
    public async Task Run_SomeAreOut_AreLeftAloneButWishedFor()
    {
        var step = Group("a", "b", "c");
        step.Out.UnionWith(["a", "b"]);

        var result = await step.Script(StepFixture.Unbilled).RunAsync(Ct);

        Assert.Equal("c", Assert.Single(result.Attempts).Record.Endpoint.Value);
        Assert.Equal(["a", "b"], step.Wished.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_OneFaresWorse_IsEjectedForAWhile()
    {
        var step = Group("a", "b");
        step.Answer = (plan, _) => Task.FromResult(plan.Endpoint.Id.Value == "a" ? StepFixture.Unbilled : StepFixture.Answered);

        for (var i = 0; i < 40 && step.Ejections.Count == 0; i++)
        {
            Assert.True((await step.RunAsync(Ct)).Attempt.Answered);
        }

        Assert.Equal([("a", TimeSpan.FromSeconds(10))], step.Ejections);
    }

    [Fact]
    public async Task Run_ManyRequests_GoWhereLessIsUnderWay()
    {
        var step = Group("a", "b");
        step.Answer = static (_, _) => Task.FromResult(StepFixture.Answered);
        step.Standings["a"] = new EndpointStanding { Load = 2 };
        step.Standings["b"] = new EndpointStanding { Load = 1 };

        for (var i = 0; i < 20; i++)
        {
            await step.RunAsync(Ct);
        }

        Assert.All(step.Calls, c => Assert.Equal("b", c.Plan.Endpoint.Id.Value));
    }

    private static StepFixture Group(params string[] deployments) => new() { Deployments = deployments, Reliability = new ReliabilityModel() };
}
