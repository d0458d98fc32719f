using Cascade.Planning.Estimation;
using Cascade.Planning.Pacing;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class PacerAnalyticTests
{
    private const double Tolerance = 1e-6;
    private static readonly double[] Costs = [3, 3, 0];

    [Fact]
    public void T9_1_PriceAt_UniformGains_IsTheDualOptimum()
    {
        const int Rows = 100_000;
        var (quality, cost) = (new double[2 * Rows], new double[2 * Rows]);
        for (var row = 0; row < Rows; row++)
        {
            (quality[(2 * row) + 1], cost[(2 * row) + 1]) = ((row + 0.5) / Rows, 10);
        }

        var matrix = new PriorMatrix(2, quality, cost);
        var price = PriceSchedule.OfDecisions(matrix, matrix).PriceAt(3);
        var (gain, spend) = (0.0, 0.0);
        for (var row = 0; row < Rows; row++)
        {
            var calls = quality[(2 * row) + 1] > price * 10;
            gain += calls ? quality[(2 * row) + 1] / Rows : 0;
            spend += calls ? 10.0 / Rows : 0;
        }

        Assert.Equal(0.07, price, Tolerance);
        Assert.Equal(3, spend, Tolerance);
        Assert.Equal(0.255, gain, Tolerance);
    }

    [Fact]
    public void T9_2_Update_Euclidean_IsThePublishedStep() =>
        Assert.Equal([0.2, 0.4, 0.3], Prices(UnitPacer(PacerGeometry.Euclidean), 0), Within);

    [Fact]
    public void T9_2_Update_Entropic_IsThePublishedStep() =>
        Assert.Equal([0.6107014, 0.7459123, 0.6749294], Prices(UnitPacer(PacerGeometry.Entropic), 0.5), Within);

    [Fact]
    public void T9_3_Update_ParetoBandit_IsThePublishedPacer()
    {
        var pacer = new ParetoBanditPacer(1);
        var states = States(pacer, 0).ToList();
        Assert.Equal([1.1, 1.195, 1.13525], states.Select(s => s.MeanCostUsd), Within);
        Assert.Equal([0.005, 0.01475, 0.0215125], states.Select(s => s.Price), Within);
    }

    [Fact]
    public void T9_4_Update_NotClipped_SpendIsThePlanAndTheRiseOfThePrice()
    {
        const double Plan = 3;
        const int Requests = 400;
        var pacer = new DualPacer(new PacerParameters { BudgetUsd = Plan * Requests, ExpectedRequests = Requests, ResolvesPlan = false, StepSize = 0.05 });
        var random = new Random(3);
        var (state, spend) = (pacer.Start(0.15), 0.0);
        for (var i = 0; i < Requests; i++)
        {
            var cost = random.NextDouble() > state.Price * 10 ? 10 : 0;
            spend += cost;
            state = pacer.Update(state, Report(cost));
            Assert.InRange(state.Price, 1e-9, pacer.MaxPrice - 1e-9);
        }

        // η of the spec, which steps by ρ − c, is our step over ρ.
        var step = 0.05 * (1 / Plan) / Math.Sqrt(Requests) / Plan;
        Assert.Equal((Plan * Requests) + ((state.Price - 0.15) / step), spend, Tolerance);
    }

    [Fact]
    public void T9_5_Plan_AfterAThird_IsSolvedFromWhatIsLeft() => Assert.Equal(
        0.0714286, new DualPacer(new PacerParameters { BudgetUsd = 100, ExpectedRequests = 1_000 }).Plan(50, 700), Tolerance);

    [Fact]
    public void T9_7_Fits_OpenReservation_CountsAgainstTheCap()
    {
        var guard = new SpendGuard(10, 0, 6);
        Assert.False(guard.Fits(5));
        Assert.True(guard.Fits(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => guard.Reserve(5));
        Assert.Equal(new SpendGuard(10, 0, 10), guard.Reserve(4));
        Assert.Equal(new SpendGuard(10, 1.5, 6), guard.Reserve(4).Settle(4, 1.5));
    }

    [Fact]
    public void AvailableUsd_AnyCap_FitsWhenReserved()
    {
        var random = new Random(11);
        for (var i = 0; i < 10_000; i++)
        {
            var cap = random.NextDouble();
            var guard = new SpendGuard(cap, cap * random.NextDouble() / 2, cap * random.NextDouble() / 2);
            Assert.True(guard.Fits(guard.AvailableUsd));
            Assert.Equal(guard.CapUsd - guard.SpentUsd - guard.ReservedUsd, guard.AvailableUsd, 1e-15);
        }

        Assert.Equal(0, new SpendGuard(1, 2, 0).AvailableUsd);
    }

    private static bool Within(double expected, double actual) => Math.Abs(expected - actual) <= Tolerance;

    // One expected request and a plan of 1 dollar make λ_ref/√N = 1, so that the step is η itself.
    private static DualPacer UnitPacer(PacerGeometry geometry) => new(
        new PacerParameters { BudgetUsd = 1, ExpectedRequests = 1, StepSize = 0.1, ResolvesPlan = false, Geometry = geometry });

    private static IEnumerable<double> Prices(IPacer pacer, double start) => States(pacer, start).Select(s => s.Price);

    private static IEnumerable<PacerState> States(IPacer pacer, double start)
    {
        var state = pacer.Start(start);
        foreach (var cost in Costs)
        {
            yield return state = pacer.Update(state, Report(cost));
        }
    }

    private static PacingReport Report(double cost) =>
        new() { Requests = 1, SpendUsd = cost, RemainingBudgetUsd = 1_000, ExpectedRemainingRequests = 1 };
}
