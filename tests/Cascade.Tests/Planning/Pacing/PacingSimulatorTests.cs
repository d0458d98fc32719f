using Cascade.Planning.Estimation;
using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class PacingSimulatorTests
{
    private static readonly PacingRows Uniform = UniformGains.Rows(2_000, 5);

    [Fact]
    public void Run_SameSeed_IsTheSameRun_AndAnotherSeedAnother()
    {
        var first = Run(UniformGains.Scenario(2_000, 3, 0.07));
        Assert.Equivalent(first, Run(UniformGains.Scenario(2_000, 3, 0.07)), strict: true);
        Assert.NotEqual(first.MeanPrice, Run(UniformGains.Scenario(2_000, 4, 0.07)).MeanPrice);
    }

    [Fact]
    public void T9_7_Run_OpenCalls_KeepTheirReservations()
    {
        // A cap of 10 and a worst case of 5 leave room for two open calls; the third is refused although nothing was spent.
        var rows = Lone(quality: 1, cost: 0.5, worst: 5, least: double.PositiveInfinity);
        var run = PacingSimulator.Run(
            rows, new PacingScenario { BudgetUsd = 10, Requests = 3, Seed = 1, InFlight = 10 }, FixedPricePacer.Free, LinearRule.Instance);
        Assert.Equal((1, 1.0, 10.0), (run.Refused, run.SpendUsd, run.PeakCommittedUsd));
    }

    [Fact]
    public void Run_WorstCaseDoesNotFit_TakesTheCheaperAction()
    {
        var matrix = new PriorMatrix(2, [0.2, 1], [1, 2]);
        var rows = new PacingRows(matrix, matrix, [1, 8], [double.PositiveInfinity, double.PositiveInfinity]);
        var run = PacingSimulator.Run(rows, new PacingScenario { BudgetUsd = 10, Requests = 4, Seed = 1 }, FixedPricePacer.Free, LinearRule.Instance);
        Assert.Equal([0.5, 0.5], run.Shares);
        Assert.Equal((2, 0, 6.0), (run.Downgraded, run.Refused, run.SpendUsd));
    }

    [Fact]
    public void Run_LessThanTheWorstCaseIsLeft_CutsTheCallToWhatIsLeft()
    {
        var rows = Lone(quality: 1, cost: 3, worst: 5, least: 2.0 / 3);
        var run = PacingSimulator.Run(rows, new PacingScenario { BudgetUsd = 8, Requests = 4, Seed = 1 }, FixedPricePacer.Free, LinearRule.Instance);
        Assert.Equal((1, 1, 8.0), (run.Truncated, run.Refused, run.SpendUsd));
        Assert.Equal(0.5, run.MeanQuality);
    }

    [Fact]
    public void Run_CallCostsMoreThanItsWorstCase_IsBookedWholeAndCounted()
    {
        var run = PacingSimulator.Run(
            Lone(quality: 1, cost: 3, worst: 2, least: double.PositiveInfinity),
            new PacingScenario { BudgetUsd = 5, Requests = 3, Seed = 1 }, FixedPricePacer.Free, LinearRule.Instance);
        Assert.Equal((2, 6.0, 1), (run.Overruns, run.SpendUsd, run.Refused));
    }

    [Fact]
    public void Run_RestReserve_LeavesTheCheapestForEveryone()
    {
        var matrix = new PriorMatrix(2, [0.5, 1], [1, 3]);
        var rows = new PacingRows(matrix, matrix, [1, 3], [1, 1]);
        var scenario = new PacingScenario { BudgetUsd = 12, Requests = 10, Seed = 1 };
        var without = PacingSimulator.Run(rows, scenario, FixedPricePacer.Free, LinearRule.Instance);
        var with = PacingSimulator.Run(rows, scenario with { Rest = RestReserve.Of(matrix) }, FixedPricePacer.Free, LinearRule.Instance);
        Assert.Equal((6, 0), (without.Refused, with.Refused));
        Assert.Equal([0.9, 0.1], with.Shares);
        Assert.Equal(new RestReserve(1, 0, 2.5), RestReserve.Of(matrix));
    }

    [Fact]
    public void Run_TiesAtAnyPrice_GoToTheCheaperAction()
    {
        var matrix = new PriorMatrix(3, [0.5, 0.5, 0.5], [3, 1, 2]);
        var rows = new PacingRows(matrix, matrix, [3, 3, 3], [1, 1, 1]);
        Assert.All([0, 0.1], price => Assert.Equal(
            [0, 1, 0],
            PacingSimulator.Run(rows, new PacingScenario { BudgetUsd = 99, Requests = 5, Seed = 1 }, new FixedPricePacer(price), LinearRule.Instance).Shares));
    }

    [Fact]
    public void Run_SettlementDelay_StillKeepsThePlan()
    {
        var run = Run(UniformGains.Scenario(2_000, 3, 0.07) with { InFlight = 50 });
        Assert.InRange(run.Utilisation, 0.97, 1);
        Assert.Equal(0.2535, run.MeanQuality, 0.01);
    }

    [Fact]
    public void Run_PriceDoublesUnannounced_CostDriftFindsOut()
    {
        var change = new OutcomeChange { FromShare = 0.3, Model = 1, CostFactor = 2 };
        var scenario = UniformGains.Scenario(2_000, 3, 0.07) with { Changes = [change] };
        var blind = Run(scenario, FixedPricePacer.Free);
        var fixedPrice = new FixedPricePacer(0.045);
        var trusting = Run(scenario, fixedPrice);
        var tracking = Run(scenario with { CostDrift = CostDrift.Default }, fixedPrice);
        Assert.Equal(1, blind.Utilisation, 1e-9);
        Assert.True(tracking.Shares[1] < trusting.Shares[1], $"{tracking.Shares[1]} calls after the price doubled, {trusting.Shares[1]} without a correction");
        Assert.InRange(Run(scenario).Utilisation, 0.97, 1);
    }

    [Fact]
    public void Run_SilentFailure_CostsQualityAndNotTheCap()
    {
        var change = new OutcomeChange { FromShare = 0.5, QualityFactor = 0 };
        var run = Run(UniformGains.Scenario(2_000, 3, 0.07) with { Changes = [change] });
        Assert.Equal(0.127, run.MeanQuality, 0.01);
        Assert.InRange(run.Utilisation, 0.97, 1);
    }

    [Theory]
    [InlineData(ArrivalKind.Bursty, TrafficKnowledge.Clock, 0.80)]
    [InlineData(ArrivalKind.Diurnal, TrafficKnowledge.Clock, 0.90)]
    [InlineData(ArrivalKind.Diurnal, TrafficKnowledge.Profile, 0.97)]
    [InlineData(ArrivalKind.Steady, TrafficKnowledge.Clock, 0.95)]
    public void Run_UnevenTraffic_KeepsTheCapAndUsesTheMoney(ArrivalKind kind, TrafficKnowledge knowledge, double used)
    {
        var arrivals = new ArrivalProcess { Kind = kind };
        var scenario = UniformGains.Scenario(2_000, 3, 0.07) with
        {
            Arrivals = arrivals,
            Knowledge = knowledge,
            Profile = SpendPlan.Even(arrivals.Expected(2_000, 168)),
        };
        Assert.InRange(Run(scenario).Utilisation, used, 1);
    }

    [Fact]
    public void Run_Series_CoversTheRun()
    {
        var run = Run(UniformGains.Scenario(2_000, 3, 0.07) with { SeriesPoints = 100 });
        Assert.Equal(101, run.Series.Length);
        Assert.Equal(new PacingPoint(2_000, 1, run.FinalState.Price, run.SpendUsd, run.MeanQuality), run.Series[^1]);
        Assert.All(run.Series.Zip(run.Series.Skip(1)), pair => Assert.True(
            pair.First.Requests < pair.Second.Requests && pair.First.SpentUsd <= pair.Second.SpentUsd && pair.First.WindowShare <= pair.Second.WindowShare));
    }

    [Fact]
    public void Run_Port_ReachesThePlanAndDeclinesWhatIsNotWorthIt()
    {
        var options = new PortOptions { BudgetsUsd = [6_000, 6_000], SampleShare = 0.05, Scale = 1 };
        var run = PacingSimulator.Run(Uniform, UniformGains.Scenario(2_000, 3, 0), FixedPricePacer.Free, new PortRule(options));
        Assert.InRange(run.MeanQuality, 0.22, 0.27);
        Assert.True(run.Declined > 0);
        var compat = PacingSimulator.Run(
            Uniform, UniformGains.Scenario(2_000, 3, 0), FixedPricePacer.Free, new PortRule(options with { Mode = SampleDualMode.Compat }));
        Assert.InRange(compat.Declined, 1, 100);
    }

    [Fact]
    public void Score_ParetoBandit_IsThePublishedRule()
    {
        var rule = new ParetoBanditRule([1e-4, 1e-2, 0.1], 0.3);
        var scores = new double[3];
        rule.Score(new PacingQuestion { Quality = [0.5, 0.7, 0.9], CostUsd = [0, 0, 0], Price = 0, Index = 0 }, scores);
        Assert.Equal([0.5, 0.7 - (0.3 * 2 / 3), 0.6], scores, (a, b) => Math.Abs(a - b) < 1e-12);
        rule.Score(new PacingQuestion { Quality = [0.5, 0.7, 0.9], CostUsd = [0, 0, 0], Price = 1, Index = 0 }, scores);
        Assert.Equal(double.NegativeInfinity, scores[2]);
        Assert.Equal(0.7 - (1.3 * 2 / 3), scores[1], 12);
    }

    [Fact]
    public void Run_BadScenario_NamesEveryField()
    {
        var bad = new PacingScenario
        {
            BudgetUsd = 0,
            Requests = 0,
            Seed = 0,
            InFlight = -1,
            SeriesPoints = 0,
            Knowledge = TrafficKnowledge.Profile,
            Changes = [new OutcomeChange { FromShare = 2, Model = 7, QualityFactor = -1, CostFactor = double.NaN }],
        };
        var message = Assert.Throws<ArgumentException>(() => Run(bad)).Message;
        Assert.All(
            ["BudgetUsd", "Requests", "InFlight", "SeriesPoints", "Profile", "FromShare", "Model 7", "QualityFactor", "CostFactor"],
            name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_BadInput_IsNamed()
    {
        var right = new PriorMatrix(1, [0.5], [1]);
        Assert.Throws<ArgumentException>(() => new PacingRows(right, new PriorMatrix(1, [0, 0], [0, 0]), [1], [1]));
        Assert.Throws<ArgumentException>(() => new PacingRows(new PriorMatrix(1, [2], [1]), right, [1], [1]));
        Assert.Throws<ArgumentException>(() => new PacingRows(right, right, [double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new PacingRows(right, right, [1], [-1]));
        Assert.Throws<ArgumentException>(() => PacingRows.CostRatios(right, right, 2));
        Assert.Equal([1], PacingRows.CostRatios(right, right, 0.5));
    }

    private static PacingRows Lone(double quality, double cost, double worst, double least)
    {
        var matrix = new PriorMatrix(1, [quality], [cost]);
        return new PacingRows(matrix, matrix, [worst], [least]);
    }

    private static PacingRun Run(PacingScenario scenario, IPacer? pacer = null) => PacingSimulator.Run(
        Uniform, scenario, pacer ?? new DualPacer(UniformGains.Parameters(2_000, 0.2, resolves: true)), LinearRule.Instance);
}
