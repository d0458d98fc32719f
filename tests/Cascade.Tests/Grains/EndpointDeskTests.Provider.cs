using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>Providers that fail, slow down, ask to be left alone, or say what they would still take.</summary>
public sealed partial class EndpointDeskTests
{
    [Fact]
    public void ProviderDiesAndReturns_OutWithinTwoSecondsBackWithinFiveAndFewProbes()
    {
        var sim = Sim(new CapacityModel { Adaptive = true }, new HealthModel());
        var (diesAt, returnsAt) = (Start(sim) + (Second * 10), Start(sim) + (Second * 40));
        sim.Provider = _ => sim.Time.GetUtcNow() >= diesAt && sim.Time.GetUtcNow() < returnsAt ? CallEffect.Failed : CallEffect.Answered;

        for (var i = 0; i < 50 * 60; i++)
        {
            sim.Call(i % 3, "acme", TimeSpan.FromMilliseconds(100));
            sim.Run(TimeSpan.FromMilliseconds(20));
        }

        var whileDead = sim.Sent.Where(c => c.SentAt >= diesAt && c.SentAt < returnsAt).ToList();
        var lastBeforeOut = whileDead.Where(c => c.SentAt < diesAt + (Second * 2)).Max(c => c.SentAt) - diesAt;
        var probes = whileDead.Count(c => c.SentAt >= diesAt + (Second * 2));
        Assert.True(lastBeforeOut < Second * 2, $"out after {lastBeforeOut}");
        Assert.InRange(probes, 10, 15);
        var back = sim.Sent.Where(c => c.SentAt >= returnsAt + (Second * 5)).ToList();
        Assert.True(back.Count >= 0.95 * 50 * 15, $"{back.Count} of {50 * 15} calls after it was back");
        Assert.Equal(1, sim.Snapshot.CircuitOpenings);
    }

    [Fact]
    public void ProviderAsksOneSiloToWait_AllWaitAndComeBack()
    {
        var sim = Sim(new CapacityModel());
        var said = false;
        Callers(sim, 60, i => "acme", takes: TimeSpan.FromMilliseconds(200));
        sim.Run(Second * 5);
        sim.Provider = call =>
        {
            if (said)
            {
                return CallEffect.Answered;
            }

            (said, call.RetryAfter) = (true, Second * 10);
            return CallEffect.Throttled;
        };

        sim.Run(Second * 20);

        var asked = sim.Sent.Single(c => c.Effect == CallEffect.Throttled).SentAt + TimeSpan.FromMilliseconds(200);
        Assert.DoesNotContain(sim.Sent, c => c.SentAt > asked + (Second * 1.5) && c.SentAt < asked + (Second * 9.5));
        Assert.True(sim.Sent.Count(c => c.SentAt > asked + (Second * 10)) > 200);
    }

    [Fact]
    public void ProviderSaysWhatIsLeft_AllSilosKeepToItAndNobodyIsTurnedAway()
    {
        // A bucket of 100 calls that fills up evenly within 20 seconds; our own configuration knows nothing of it.
        var sim = Sim(new CapacityModel { Adaptive = false });
        var (left, at) = (100.0, Start(sim));
        sim.Provider = call =>
        {
            left = Math.Min(100, left + ((call.SentAt - at).TotalSeconds * 5));
            at = call.SentAt;
            var took = left >= 1;
            left -= took ? 1 : 0;
            call.Limits = new ProviderLimits(new LimitLeft((long)left, 100, TimeSpan.FromSeconds(Math.Max(0.01, (100 - left) / 5))), null);
            return took ? CallEffect.Answered : CallEffect.Throttled;
        };
        Callers(sim, 60, i => "acme", takes: Second * 2);

        sim.Run(Second * 120);

        var throttled = sim.Sent.Count(c => c.Effect == CallEffect.Throttled);
        var answered = sim.Sent.Count - throttled;
        Assert.True(throttled <= 0.05 * answered, $"{throttled} turned away, {answered} answered");
        Assert.InRange(answered, 0.8 * (100 + (5 * 120)), 100 + (5 * 120));
        Assert.InRange(sim.Snapshot.ProviderRequestsLeft ?? -1, 0, 100);
    }

    [Fact]
    public void ProviderThrottlesWithoutRetryAfter_ItsResetIsThePauseOfAll()
    {
        var sim = Sim(new CapacityModel());
        var said = false;
        Callers(sim, 60, i => "acme", takes: TimeSpan.FromMilliseconds(200));
        sim.Run(Second * 5);
        sim.Provider = call =>
        {
            if (said)
            {
                return CallEffect.Answered;
            }

            (said, call.Limits) = (true, new ProviderLimits(null, new LimitLeft(0, null, Second * 10)));
            return CallEffect.Throttled;
        };

        sim.Run(Second * 20);

        var asked = sim.Sent.Single(c => c.Effect == CallEffect.Throttled).SentAt + TimeSpan.FromMilliseconds(200);
        Assert.DoesNotContain(sim.Sent, c => c.SentAt > asked + (Second * 1.5) && c.SentAt < asked + (Second * 9.5));
        Assert.True(sim.Sent.Count(c => c.SentAt > asked + (Second * 10)) > 200);
    }

    [Fact]
    public void ProviderCountsAgainAndMoreIsLeft_TheNewerCountEndsThePauseOfAll()
    {
        var sim = Sim(new CapacityModel { Adaptive = false });
        var said = false;
        sim.Provider = call =>
        {
            call.Limits = said ? new ProviderLimits(new LimitLeft(500, 500, Second * 60), null) : new ProviderLimits(new LimitLeft(0, null, Second * 60), null);
            said = true;
            return CallEffect.Answered;
        };

        // The first call ends and says that nothing is left; one that began beside it ends two seconds later and says otherwise.
        sim.Call(0, "acme", Second);
        sim.Call(1, "acme", Second * 3);
        sim.Run(Second * 2);
        sim.Call(2, "acme", Second);
        sim.Run(Second * 0.5);
        var whilePaused = sim.Sent.Count;
        sim.Run(Second * 3);

        Assert.Equal(2, whilePaused);
        Assert.Equal(3, sim.Sent.Count);
        Assert.Equal(TimeSpan.Zero, sim.Snapshot.PausedFor);
    }

    [Fact]
    public void ProviderAskedToWait_ACountOfMuchLeftDoesNotEndIt()
    {
        var sim = Sim(new CapacityModel { Adaptive = false });
        sim.Provider = call =>
        {
            call.Limits = new ProviderLimits(new LimitLeft(500, 500, Second * 60), null);
            call.RetryAfter = call.Silo == 0 ? Second * 20 : null;
            return call.Silo == 0 ? CallEffect.Throttled : CallEffect.Answered;
        };

        sim.Call(0, "acme", Second);
        sim.Call(1, "acme", Second * 3);
        sim.Run(Second * 2);
        sim.Call(2, "acme", Second);
        sim.Run(Second * 15);
        Assert.Equal(2, sim.Sent.Count);

        sim.Run(Second * 6);
        Assert.Equal(3, sim.Sent.Count);
    }

    [Fact]
    public void ProviderThrottles_TheLimitFallsAndRisesAgain()
    {
        var sim = Sim(new CapacityModel { Adaptive = true, MinInFlight = 2 });
        sim.Provider = _ => sim.InFlight >= 8 && sim.Time.GetUtcNow() < Start(sim) + (Second * 60) ? CallEffect.Throttled : CallEffect.Answered;
        Callers(sim, 100, i => "acme", takes: TimeSpan.FromMilliseconds(500));

        sim.Run(Second * 55);
        var throttled = sim.Snapshot.LimitInFlight;
        sim.Run(Second * 60);

        Assert.InRange(throttled, 2, 16);
        Assert.Equal(32, sim.Snapshot.LimitInFlight);
    }

    [Fact]
    public void ProviderThrottlesOneSiloOnce_TheLimitFallsByTheFactorAndNotToWhatThatSiloUses()
    {
        var sim = Sim(new CapacityModel { Adaptive = true });
        var left = 0;
        sim.Provider = call => call.Silo == 0 && left-- > 0 ? CallEffect.Throttled : CallEffect.Answered;
        Callers(sim, 30, i => "acme", takes: Second);
        sim.Run(Second * 5);

        left = 1;
        sim.Run(Second + _options.ReportInterval);

        Assert.InRange(sim.Snapshot.LimitInFlight, (int)(0.7 * 30), 31);
    }

    [Fact]
    public void OneTenantsRequestsAreWrong_TheAnswersOfOthersAreNotTakenForSlow()
    {
        var sim = Sim(new CapacityModel { Adaptive = true });
        sim.Provider = call =>
        {
            call.IsRejected = call.Account == "wrong";
            return CallEffect.Answered;
        };
        for (var second = 0; second < 60; second++)
        {
            sim.Call(0, "wrong", Second * 0.04);
            sim.Run(Second);
        }

        Callers(sim, 30, i => "acme", takes: Second * 4, tokens: 200);
        sim.Run(Second * 60);

        Assert.True(sim.Sent.Count(static call => call.IsRejected) >= 60);
        Assert.Equal(32, sim.Snapshot.LimitInFlight);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(60)]
    public void ProviderReturns_CallersAreFew_TheNextCallLooksAndTheOneAfterItIsServed(int? requestsPerMinute)
    {
        var sim = Sim(new CapacityModel { RequestsPerMinute = requestsPerMinute }, new HealthModel());
        var isDead = true;
        sim.Provider = _ => isDead ? CallEffect.Failed : CallEffect.Answered;
        for (var call = 0; sim.Snapshot.Circuit != EndpointCircuit.Open; call++)
        {
            Assert.True(call < 20);
            sim.Call(0, "acme", Second * 0.1);
            sim.Run(Second * 0.5);
        }

        isDead = false;
        for (var call = 0; call < 4; call++)
        {
            sim.Run(Second * 33);
            sim.Call(call == 3 ? 1 : 0, "acme", Second * 0.1);
            sim.Run(Second);
        }

        Assert.Equal(EndpointCircuit.Closed, sim.Snapshot.Circuit);
        Assert.True(sim.Refused.Count(refused => refused.Call.AskedAt > Start(sim) + (Second * 30)) <= 1);
        Assert.True(sim.Sent[^1].Silo == 1 && sim.Sent[^1].Effect == CallEffect.Answered);
    }

    [Fact]
    public void ProviderFailsAndAsksToBeLeftAlone_NobodyLooksBefore()
    {
        var sim = Sim(new CapacityModel(), new HealthModel());
        var failsUntil = Start(sim) + (Second * 30);
        sim.Provider = call =>
        {
            var fails = call.SentAt < failsUntil;
            call.RetryAfter = fails ? failsUntil - call.SentAt : null;
            return fails ? CallEffect.Failed : CallEffect.Answered;
        };
        for (var i = 0; i < 6; i++)
        {
            sim.Call(i % 3, "acme", Second);
        }

        for (var second = 0; second < 40; second++)
        {
            sim.Run(Second);
            sim.Call(second % 3, "acme", Second * 0.1);
        }

        sim.Run(Second);
        Assert.Equal(6, sim.Sent.Count(static call => call.Effect == CallEffect.Failed));
        Assert.Equal(EndpointCircuit.Closed, sim.Snapshot.Circuit);
    }

    [Fact]
    public void ProviderSpokeToAStreamLongAgo_WhatItSaidSinceCounts()
    {
        var sim = Sim(new CapacityModel { Adaptive = false });
        sim.Provider = call =>
        {
            call.Limits = call.Silo == 0
                ? new ProviderLimits(new LimitLeft(450, 500, Second * 20), null) { Age = Second * 40 }
                : new ProviderLimits(new LimitLeft(0, null, Second * 60), null);
            return CallEffect.Answered;
        };

        // The stream began first, and its word comes when it ends: after that of the call on another silo.
        sim.Call(0, "acme", Second * 40);
        sim.Run(Second * 35);
        sim.Call(1, "acme", Second);
        sim.Run(Second * 7);
        sim.Call(2, "acme", Second);
        sim.Call(0, "acme", Second);
        sim.Run(Second * 10);

        Assert.Equal(2, sim.Sent.Count);
        Assert.True(sim.Snapshot.PausedFor > Second * 30);
    }
}
