using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class SpendPlanTests
{
    private static readonly SpendPlan Plan = new([100, 300], [2, 1]);

    [Fact]
    public void PlanUsd_AtTheStart_SpreadsTheBudgetByWeightAndTraffic()
    {
        // 50 dollars over 100·2 + 300·1 weighted requests.
        Assert.Equal(0.2, Plan.PlanUsd(50, 0), 12);
        Assert.Equal(30.0 / 300, Plan.PlanUsd(30, 0.5), 12);
        Assert.Equal(20 * 0.2 / (200 * 0.2), Plan.PlanUsd(20, 0.5 + (1.0 / 6)), 12);
    }

    [Fact]
    public void SpentShare_AndRequestsFrom_FollowTheSlots()
    {
        Assert.Equal([0, 0.2, 0.4, 0.7, 1], new[] { 0, 0.25, 0.5, 0.75, 1 }.Select(Plan.SpentShare), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([400, 300, 0], new[] { 0, 0.5, 1 }.Select(Plan.RequestsFrom));
    }

    [Fact]
    public void Plan_OfThePacer_StaysNearThePlanOfTheSlot()
    {
        var pacer = new PlanPacer(new PacerParameters { BudgetUsd = 50, ExpectedRequests = 400 }, Plan);
        Assert.Equal(0.2, pacer.Plan(50, 0), 12);
        Assert.Equal(0.1, pacer.Plan(30, 0.5), 12);
        Assert.Equal(0.3, pacer.Plan(1_000, 0.5), 12);
        Assert.Equal(0.01, pacer.Plan(0.001, 0.5), 12);
    }

    [Theory]
    [InlineData(ArrivalKind.Steady)]
    [InlineData(ArrivalKind.Bursty)]
    [InlineData(ArrivalKind.Diurnal)]
    public void Draw_AnyKind_IsAscendingAndReproducible(ArrivalKind kind)
    {
        var process = new ArrivalProcess { Kind = kind };
        var times = process.Draw(5_000, 3);
        Assert.Equal(times, process.Draw(5_000, 3));
        Assert.NotEqual(times, process.Draw(5_000, 4));
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
        Assert.True(times[0] >= 0 && times[^1] <= 1);
    }

    [Fact]
    public void Draw_Kinds_DifferInHowUnevenTheyAre()
    {
        // Variance over mean of counts in 168 slots: 1 for Poisson, more for uneven traffic.
        Assert.InRange(Dispersion(ArrivalKind.Steady), 0.7, 1.4);
        Assert.InRange(Dispersion(ArrivalKind.Diurnal), 5, 60);
        Assert.InRange(Dispersion(ArrivalKind.Bursty), 5, 60);
    }

    [Fact]
    public void Expected_Diurnal_MatchesWhatIsDrawn()
    {
        var process = new ArrivalProcess { Kind = ArrivalKind.Diurnal };
        var expected = process.Expected(200_000, 168);
        var counts = Counts(process.Draw(200_000, 1));
        Assert.Equal(200_000, expected.Sum(), 1e-6);
        Assert.All(expected.Zip(counts), pair => Assert.Equal(pair.First, pair.Second, 6 * Math.Sqrt(pair.First)));
    }

    [Fact]
    public void Draw_BadSettings_Throws() => Assert.Throws<ArgumentException>(() => new ArrivalProcess { Kind = ArrivalKind.None }.Draw(1, 1));

    private static double Dispersion(ArrivalKind kind)
    {
        var counts = Counts(new ArrivalProcess { Kind = kind }.Draw(5_000, 7));
        var mean = counts.Average();
        return counts.Average(c => (c - mean) * (c - mean)) / mean;
    }

    private static double[] Counts(double[] times)
    {
        var counts = new double[168];
        foreach (var time in times)
        {
            counts[Math.Min(167, (int)(time * 168))]++;
        }

        return counts;
    }
}
