using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>The desk of an endpoint and the gates of three silos together, over minutes of simulated time.</summary>
public sealed partial class EndpointDeskTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly CascadeOptions _options = new();

    [Fact]
    public void ThreeSilos_32InFlightAnd600AMinute_HoldsBothAndUsesThem()
    {
        var sim = Sim(new CapacityModel { RequestsPerMinute = 600 });
        Callers(sim, 500, i => "acme", takes: Second * 3);

        sim.Run(TimeSpan.FromMinutes(5));

        Assert.True(sim.MaxInFlight <= 32, $"{sim.MaxInFlight} in flight");
        Assert.True(sim.MostInAMinute().Calls <= 600, $"{sim.MostInAMinute().Calls} in a minute");
        Assert.True(Sent(sim, 60, 300) >= 0.95 * 600 * 4, $"{Sent(sim, 60, 300)} of 2400 in four minutes, {sim.Messages} messages");
    }

    [Fact]
    public void ThreeSilos_OnlyInFlightBinds_UsesNineteenTwentieths()
    {
        var sim = Sim(new CapacityModel());
        Callers(sim, 500, i => "acme", takes: Second);

        sim.Run(TimeSpan.FromMinutes(1));

        Assert.True(sim.MaxInFlight <= 32, $"{sim.MaxInFlight} in flight");
        Assert.True(Sent(sim, 5, 60) >= 0.95 * 32 * 55, $"{Sent(sim, 5, 60)} of {32 * 55}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneTenantHasNineTenthsOfTheCallers_AndAnotherIsOnOneSilo_BothGetTheSame(bool rateBinds)
    {
        var sim = Sim(new CapacityModel { RequestsPerMinute = rateBinds ? 600 : null });

        // Every third caller of the small tenant's silo: it calls on one silo, the large one on all.
        Callers(sim, 500, i => i >= 450 ? "small" : "large", takes: Second * (rateBinds ? 1 : 3), silo: i => i >= 450 ? 2 : i % 3);

        sim.Run(TimeSpan.FromMinutes(4));

        var calls = sim.Sent.Where(c => c.SentAt >= Start(sim) + Second * 60).GroupBy(c => c.Account).Select(g => (double)g.Count()).ToArray();
        Assert.True(Jain(calls) >= 0.98, string.Join(" ", calls));
    }

    [Fact]
    public void TokensPerMinute_EstimatesAreCorrectedByRealUse()
    {
        var sim = Sim(new CapacityModel { TokensPerMinute = 60_000 });
        Callers(sim, 100, i => "acme", takes: Second, tokens: 1_000, used: 250);

        sim.Run(TimeSpan.FromMinutes(4));

        Assert.True(sim.MostInAMinute().Tokens <= 60_000, $"{sim.MostInAMinute().Tokens} tokens in a minute");
        var tokens = sim.Sent.Where(c => c.SentAt >= Start(sim) + Second * 60).Sum(c => c.Counted);
        Assert.True(tokens >= 0.75 * 60_000 * 3, $"{tokens} of 180000 in three minutes");
    }

    [Fact]
    public void SiloDies_LimitsHoldAndTheOthersTakeItsPlace()
    {
        var sim = Sim(new CapacityModel { RequestsPerMinute = 600 });
        Callers(sim, 300, i => "acme", takes: Second);
        sim.Run(TimeSpan.FromSeconds(90));

        sim.Kill(1);
        sim.Run(TimeSpan.FromSeconds(150));

        Assert.True(sim.MostInAMinute().Calls <= 600, $"{sim.MostInAMinute().Calls} in a minute");
        Assert.True(Sent(sim, 180, 240) >= 0.9 * 600, $"{Sent(sim, 180, 240)} in the last minute");
    }

    [Fact]
    public void GrainMoves_WhatWasGrantedStillCounts()
    {
        var sim = Sim(new CapacityModel { RequestsPerMinute = 600 });
        Callers(sim, 300, i => "acme", takes: Second);
        for (var i = 0; i < 12; i++)
        {
            sim.Run(TimeSpan.FromSeconds(11));
            sim.MoveGrain();
        }

        Assert.True(sim.MaxInFlight <= 32, $"{sim.MaxInFlight} in flight");
        Assert.InRange(sim.MostInAMinute().Calls, 500, 600);
    }

    [Fact]
    public void MessagesAreLost_NoLimitIsEverExceeded()
    {
        var sim = Sim(new CapacityModel { RequestsPerMinute = 600, TokensPerMinute = 200_000 });
        var turn = 0;
        sim.Loss = () => ++turn % 5 == 0 ? 1 : turn % 7 == 0 ? 2 : 0;
        Callers(sim, 300, i => "acme", takes: Second, tokens: 400, used: 200);

        sim.Run(TimeSpan.FromMinutes(3));

        Assert.True(sim.MaxInFlight <= 32);
        Assert.InRange(sim.MostInAMinute().Calls, 300, 600);
        Assert.True(sim.MostInAMinute().Tokens <= 200_000);
    }

    [Fact]
    public void GrainIsAwayForLongerThanASlice_CallsUnderWayStillCount()
    {
        var sim = Sim(new CapacityModel());
        var isAway = false;
        sim.Loss = () => isAway ? 1 : 0;
        Callers(sim, 60, i => "acme", takes: Second * 40);
        sim.Run(Second * 2);
        Assert.Equal(32, sim.InFlight);

        isAway = true;
        sim.Run(_options.SliceLifetime + (Second * 5));
        isAway = false;
        sim.Run(Second * 90);

        Assert.True(sim.MaxInFlight <= 32, $"{sim.MaxInFlight} in flight");
        Assert.True(sim.Sent.Count >= 90, $"{sim.Sent.Count} were sent: what was kept for calls under way is free again");
    }

    [Fact]
    public void Endpoint_BecomesBusy_PriceRisesBeforeAnybodyIsRefusedAndFallsAgain()
    {
        var sim = Sim(new CapacityModel());
        Callers(sim, 40, i => "acme", takes: Second);

        sim.Run(Second * 10);
        var busy = sim.Gate(0).CongestionPrice;
        Assert.True(busy > 0);
        Assert.Empty(sim.Refused);

        sim.Ended = _ => { };
        sim.Run(Second * 30);
        Assert.True(sim.Snapshot.CongestionPrice < busy);
    }

    [Fact]
    public void Batch_WaitsForInteractiveAndLeavesPlacesFree()
    {
        var sim = Sim(new CapacityModel(), silos: 1);
        for (var i = 0; i < 100; i++)
        {
            sim.Call(0, "acme", Second * 10, priority: RequestPriority.Batch);
        }

        sim.Run(Second * 3);
        var batch = sim.InFlight;
        sim.Call(0, "other", Second);
        sim.Run(TimeSpan.FromMilliseconds(40));

        Assert.InRange(batch, 28, 29);
        Assert.Equal("other", sim.Sent[^1].Account);
    }

    private static DateTimeOffset Start(ClusterSim sim) => new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero);

    private static int Sent(ClusterSim sim, int from, int to) =>
        sim.Sent.Count(c => c.SentAt >= Start(sim) + (Second * from) && c.SentAt < Start(sim) + (Second * to));

    private static double Jain(double[] values) => values.Sum() * values.Sum() / (values.Length * values.Sum(v => v * v));

    /// <summary>Callers that call again when their call has ended.</summary>
    private static void Callers(
        ClusterSim sim, int count, Func<int, string> account, TimeSpan takes, long tokens = 100, long used = 0, Func<int, int>? silo = null)
    {
        sim.Ended = call => sim.Call(call.Silo, call.Account, call.Takes, call.Tokens, call.Used);
        for (var i = 0; i < count; i++)
        {
            sim.Call(silo?.Invoke(i) ?? (i % 3), account(i), takes, tokens, used);
        }
    }

    private ClusterSim Sim(CapacityModel capacity, HealthModel? health = null, int silos = 3)
    {
        _options.PermitWait = TimeSpan.FromMinutes(10);
        var endpoint = new TestModel()
            .Endpoint("m", ScriptedCaller.Answering("42"), e => e with { MaxInFlight = 32, Timeout = TimeSpan.FromMinutes(1), Capacity = capacity, Health = health })
            .Build().Endpoints["m"];
        return new ClusterSim(endpoint, _options, silos);
    }
}
