using Cascade.Planning.Pacing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class DualPacerTests
{
    private static readonly PacerParameters Thousand = new() { BudgetUsd = 3_000, ExpectedRequests = 1_000 };

    private static readonly Gen<(PacerParameters Parameters, double Price, PacingReport Report)> Cases = Gen.Select(
        Gen.Double[1e-6, 1e6], Gen.Double[1, 1e6], Gen.Double[0, 1.2], Gen.Int[0, 50], Gen.Double[0, 5],
        Gen.Select(Gen.Double[-0.2, 1.5], Gen.Double[-1, 2], Gen.Int[0, 100]),
        (budget, requests, price, count, spend, left) =>
        {
            var parameters = new PacerParameters { BudgetUsd = budget, ExpectedRequests = requests };
            return (parameters, price * parameters.ReferencePrice, new PacingReport
            {
                Requests = count,
                SpendUsd = spend * count * parameters.PlanUsd,
                RemainingBudgetUsd = left.Item1 * budget,
                ExpectedRemainingRequests = left.Item2 * requests,
                InFlight = left.Item3,
            });
        });

    [Fact]
    public void Update_OnPlan_KeepsThePrice()
    {
        var pacer = new DualPacer(Thousand);
        Assert.Equal(0.07, pacer.Update(new PacerState(0.07), Report(1, 3)).Price, 12);
    }

    [Fact]
    public void Update_OneRequest_IsTheFormula()
    {
        var pacer = new DualPacer(Thousand);
        var step = 0.2 * (1.0 / 3) / Math.Sqrt(1_000);
        Assert.Equal(0.07 + (step * ((10.0 / 3) - 1)), pacer.Update(new PacerState(0.07), Report(1, 10)).Price, 12);
        Assert.Equal(0.07 - step, pacer.Update(new PacerState(0.07), Report(1, 0)).Price, 12);
    }

    [Fact]
    public void Update_InFlight_TakesASmallerStep()
    {
        var pacer = new DualPacer(new PacerParameters { BudgetUsd = 300, ExpectedRequests = 100 });
        var report = new PacingReport { Requests = 1, SpendUsd = 6, RemainingBudgetUsd = 150, ExpectedRemainingRequests = 50 };
        var plain = pacer.Update(new PacerState(0.1), report).Price - 0.1;
        var delayed = pacer.Update(new PacerState(0.1), report with { InFlight = 10 }).Price - 0.1;
        Assert.Equal(plain / 2, delayed, 12);
    }

    [Theory]
    [InlineData(50, 700, 50.0 / 700)]
    [InlineData(1000, 1, 0.3)]
    [InlineData(0.1, 700, 0.01)]
    [InlineData(0.1, 0, 0.1)]
    public void Plan_RemainingBudget_IsSolvedAnewAndClipped(double remaining, double requests, double expected) =>
        Assert.Equal(expected, new DualPacer(new PacerParameters { BudgetUsd = 100, ExpectedRequests = 1_000 }).Plan(remaining, requests), 12);

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(double.NegativeInfinity)]
    public void Update_NothingLeft_PutsThePriceAtItsMaximum(double remaining)
    {
        var pacer = new DualPacer(Thousand);
        var report = new PacingReport { Requests = 0, SpendUsd = 0, RemainingBudgetUsd = remaining, ExpectedRemainingRequests = 10 };
        Assert.Equal(pacer.MaxPrice, pacer.Update(default, report).Price);
    }

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(-1, 0)]
    [InlineData(0.1, 0.1)]
    [InlineData(double.PositiveInfinity, 0.25)]
    public void Start_AnyPrice_IsWithinItsRange(double price, double expected) =>
        Assert.Equal(expected, new DualPacer(Thousand with { MaxPrice = 0.25 }).Start(price).Price);

    [Fact]
    public void Update_Batch_IsAsManySingleUpdates() => Cases.Sample(c =>
    {
        var pacer = new DualPacer(c.Parameters);
        var batch = pacer.Update(new PacerState(c.Price), c.Report);
        var state = new PacerState(c.Price);
        var clipped = !IsInside(pacer, state) || !IsInside(pacer, batch);
        for (var i = 0; i < c.Report.Requests; i++)
        {
            state = pacer.Update(state, c.Report with { Requests = 1, SpendUsd = c.Report.SpendUsd / c.Report.Requests });
            clipped |= !IsInside(pacer, state);
        }

        return clipped || Math.Abs(batch.Price - state.Price) <= 1e-9 * pacer.MaxPrice;
    });

    [Fact]
    public void Update_AnyReport_KeepsThePriceInRange() => Cases.Sample(c =>
    {
        var pacer = new DualPacer(c.Parameters);
        return pacer.Update(new PacerState(c.Price), c.Report).Price is var price && price >= 0 && price <= pacer.MaxPrice;
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (inside, atZero, atMax, broke) = (0, 0, 0, 0);
        Cases.Sample(
            c =>
            {
                var pacer = new DualPacer(c.Parameters);
                var price = pacer.Update(new PacerState(c.Price), c.Report).Price;
                inside += price > 0 && price < pacer.MaxPrice && c.Report.Requests > 1 ? 1 : 0;
                atZero += price == 0 ? 1 : 0;
                atMax += price == pacer.MaxPrice ? 1 : 0;
                broke += c.Report.RemainingBudgetUsd <= 0 ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.True(
            inside > 50 && atZero > 50 && atMax > 50 && broke > 50,
            $"{inside} inside, {atZero} at 0, {atMax} at the maximum, {broke} broke");
    }

    [Fact]
    public void Create_BadParameters_NamesThemAll()
    {
        var bad = new PacerParameters { BudgetUsd = 0, ExpectedRequests = 0, QualityRange = 2, StepSize = double.NaN, MaxPrice = -1 };
        var message = Assert.Throws<ArgumentException>(() => new DualPacer(bad)).Message;
        Assert.All(
            ["BudgetUsd", "ExpectedRequests", "QualityRange", "StepSize", "MaxPrice"],
            name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Update_BadReport_Throws()
    {
        var pacer = new DualPacer(Thousand);
        Assert.Throws<ArgumentOutOfRangeException>(() => pacer.Update(default, Report(-1, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => pacer.Update(default, Report(1, double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => pacer.Update(default, Report(1, -1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => pacer.Update(default, Report(1, 1) with { RemainingBudgetUsd = double.NaN }));
    }

    // The wanted gains are means over 20 seeds of another generator. A mean of 20 runs of 1,000 uniform gains has a standard error of about
    // 0.0015 (0.21 / sqrt(20,000)); two of them is the tolerance, and the rows that matter lie further apart.
    [Theory]
    [InlineData(0.05, 0, 0.2463)]
    [InlineData(0.05, 0.07, 0.2534)]
    [InlineData(0.05, 0.2, 0.2400)]
    [InlineData(0.2, 0, 0.2490)]
    [InlineData(0.2, 0.07, 0.2507)]
    [InlineData(0.2, 0.2, 0.2485)]
    [InlineData(1, 0.07, 0.2365)]
    public void Update_UniformGainsAndOneCost_ReachesThePublishedGain(double step, double start, double gain)
    {
        var runs = Enumerable.Range(1, 20).Select(seed => Simulate(seed, step, start)).ToList();
        TestContext.Current.TestOutputHelper!.WriteLine($"gain {runs.Average(r => r.Gain):F4}, spend {runs.Average(r => r.Spend):F4}");
        Assert.Equal(gain, runs.Average(r => r.Gain), 0.003);
        Assert.InRange(runs.Average(r => r.Spend), 0.97, 1.0);
        Assert.All(runs, r => Assert.InRange(r.Spend, 0, 1));
    }

    private static (double Gain, double Spend) Simulate(int seed, double step, double start)
    {
        const int Requests = 1_000;
        const double Cost = 10;
        const double Budget = 3_000;
        var pacer = new DualPacer(new PacerParameters { BudgetUsd = Budget, ExpectedRequests = Requests, StepSize = step });
        var random = new Random(seed);
        var (state, spent, gained) = (pacer.Start(start), 0.0, 0.0);
        for (var i = 0; i < Requests; i++)
        {
            var gain = random.NextDouble();
            var cost = gain > state.Price * Cost && spent + Cost <= Budget ? Cost : 0;
            spent += cost;
            gained += cost > 0 ? gain : 0;
            state = pacer.Update(state, new PacingReport
            {
                Requests = 1,
                SpendUsd = cost,
                RemainingBudgetUsd = Budget - spent,
                ExpectedRemainingRequests = Requests - i - 1,
            });
        }

        return (gained / Requests, spent / Budget);
    }

    private static bool IsInside(DualPacer pacer, PacerState state) => state.Price > 0 && state.Price < pacer.MaxPrice;

    private static PacingReport Report(long requests, double spend) =>
        new() { Requests = requests, SpendUsd = spend, RemainingBudgetUsd = 1_500, ExpectedRemainingRequests = 500 };
}
