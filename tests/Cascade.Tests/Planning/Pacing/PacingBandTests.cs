using System.Collections.Immutable;
using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

/// <summary>
/// Known means over 20 runs with another generator. A mean of 20 runs of 1,000 uniform gains has a standard error of about 0.0015
/// (0.21 / sqrt(20,000)); two of them is the tolerance, a third of it for 10,000 requests.
/// </summary>
public sealed class PacingBandTests
{
    private const int Seeds = 20;

    [Theory]
    [InlineData(1_000, 0.05, 0, 0.2411, 0.2463)]
    [InlineData(1_000, 0.05, 0.07, 0.2532, 0.2534)]
    [InlineData(1_000, 0.05, 0.2, 0.1926, 0.2400)]
    [InlineData(1_000, 0.2, 0, 0.2481, 0.2490)]
    [InlineData(1_000, 0.2, 0.07, 0.2509, 0.2507)]
    [InlineData(1_000, 0.2, 0.2, 0.2362, 0.2485)]
    [InlineData(1_000, 1, 0.07, 0.2371, 0.2365)]
    [InlineData(10_000, 0.05, 0, 0.2505, 0.2523)]
    [InlineData(10_000, 0.05, 0.07, 0.2546, 0.2545)]
    [InlineData(10_000, 0.05, 0.2, 0.2352, 0.2511)]
    [InlineData(10_000, 0.2, 0, 0.2528, 0.2531)]
    [InlineData(10_000, 0.2, 0.07, 0.2537, 0.2537)]
    [InlineData(10_000, 0.2, 0.2, 0.2489, 0.2529)]
    public void T9_1_Run_UniformGains_ReachesTheKnownGain(int requests, double step, double start, double plain, double resolved)
    {
        var tolerance = requests == 1_000 ? 0.003 : 0.001;
        Assert.Equal(plain, Means(requests, start, new DualPacer(UniformGains.Parameters(requests, step, resolves: false))).Gain, tolerance);
        var (gain, spend) = Means(requests, start, new DualPacer(UniformGains.Parameters(requests, step, resolves: true)));
        Assert.Equal(resolved, gain, tolerance);
        Assert.InRange(spend, 0.97, 1);
    }

    [Theory]
    [InlineData(1_000, 0, 1)]
    [InlineData(1_000, 0.07, 0.996)]
    [InlineData(1_000, 0.2, 0.753)]
    public void T9_1_Run_FixedPlan_SpendsWhatTheStartAllows(int requests, double start, double spend) => Assert.Equal(
        spend, Means(requests, start, new DualPacer(UniformGains.Parameters(requests, 0.05, resolves: false))).Spend, 0.01);

    [Fact]
    public void Run_EntropicAndPidAndSchedule_ReachTheEuclideanGain()
    {
        const int Requests = 10_000;
        var parameters = UniformGains.Parameters(Requests, 0.2, resolves: true);
        var rows = UniformGains.Rows(Requests, 99);
        IPacer[] pacers =
        [
            new DualPacer(parameters with { Geometry = PacerGeometry.Entropic }),
            new PidPacer(parameters, new PidGains()),
            new ScheduledPacer(parameters, PriceSchedule.OfDecisions(rows.Estimates, rows.Recorded)),
        ];
        Assert.All(pacers, pacer =>
        {
            var (gain, spend) = Means(Requests, 0.07, pacer);
            Assert.Equal(0.2535, gain, 0.002);
            Assert.InRange(spend, 0.98, 1);
        });
    }

    [Fact]
    public void Run_NoPacing_SpendsEarlyAndGainsLess()
    {
        var run = PacingSimulator.Run(UniformGains.Rows(1_000, 1), UniformGains.Scenario(1_000, 1, 0), FixedPricePacer.Free, LinearRule.Instance);
        Assert.Equal(0.15, run.MeanQuality, 0.02);
        Assert.Equal(1, run.Utilisation, 1e-9);
        Assert.Equal(3_000, run.Series.First(p => p.Requests >= 350).SpentUsd, 1e-9);
    }

    [Fact]
    public void Run_GainsHalve_OnlyASpendPlanRecoversWhatAnEvenSpendLoses()
    {
        const int Requests = 10_000;
        const double Hindsight = 0.7 / 15;
        var parameters = UniformGains.Parameters(Requests, 0.05, resolves: true);
        var change = new OutcomeChange { FromShare = 0.5, QualityFactor = 0.5, IsAnnounced = true };
        var plan = new SpendPlan([Requests / 2.0, Requests / 2.0], [1 - (Hindsight * 10), 1 - (Hindsight * 20)]);
        var even = Means(Requests, 0.07, new DualPacer(parameters), change);
        var planned = Means(Requests, Hindsight, new PlanPacer(parameters, plan), change);
        Assert.InRange(even.Gain, 0.185, 0.1925);
        Assert.Equal(0.2117, planned.Gain, 0.002);
        Assert.InRange(planned.Spend, 0.98, 1);
    }

    [Theory]
    [InlineData(PacerGeometry.Euclidean, 1)]
    [InlineData(PacerGeometry.Entropic, 0.5)]
    public void Run_QualityFloor_ReachesItForLittleMoreThanTheLeastCost(PacerGeometry geometry, double step)
    {
        const int Requests = 10_000;
        const double Floor = 0.255;
        var pacer = new FloorPacer(UniformGains.Parameters(Requests, step, resolves: true) with { Geometry = geometry }, Floor);
        var runs = Enumerable.Range(1, Seeds).Select(seed => PacingSimulator.Run(
            UniformGains.Rows(Requests, seed),
            UniformGains.Scenario(Requests, seed, 0.08) with { BudgetUsd = 10 * Requests, ReportsQuality = true }, pacer, LinearRule.Instance)).ToList();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"quality {runs.Average(r => r.MeanQuality):F4} for {runs.Average(r => r.SpendUsd) / Requests:F3}, price {runs.Average(r => r.MeanPrice):F4}");
        Assert.Equal(Floor, runs.Average(r => r.MeanQuality), 0.01);
        Assert.Equal(UniformGains.Plan, runs.Average(r => r.SpendUsd) / Requests, 0.15);
    }

    private static (double Gain, double Spend) Means(int requests, double start, IPacer pacer, params ImmutableArray<OutcomeChange> changes)
    {
        var runs = Enumerable.Range(1, Seeds)
            .Select(seed => PacingSimulator.Run(
                UniformGains.Rows(requests, seed), UniformGains.Scenario(requests, seed, start) with { Changes = changes }, pacer, LinearRule.Instance))
            .ToList();
        Assert.All(runs, run => Assert.InRange(run.Utilisation, 0, 1));
        var means = (runs.Average(r => r.MeanQuality), runs.Average(r => r.Utilisation));
        TestContext.Current.TestOutputHelper!.WriteLine($"{pacer.GetType().Name} from {start}: gain {means.Item1:F4}, spend {means.Item2:F4}");
        return means;
    }
}
