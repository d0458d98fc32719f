using Cascade.Planning.Estimation;
using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class PacingDataTests
{
    private const int Orders = 20;
    private const int FewOrders = 5;

    [Theory]
    [InlineData(2.9e-5, 0.793, 0.793, 0.7969)]
    [InlineData(8.3e-5, 0.813, 0.8073, 0.8756)]
    [InlineData(2.3e-4, 0.859, 0.8456, 0.9304)]
    [InlineData(3.0e-4, double.NaN, 0.8639, 0.9364)]
    [InlineData(6.6e-4, 0.898, 0.9231, 0.9457)]
    [InlineData(1.9e-3, 0.917, 0.9239, 0.9561)]
    [InlineData(5.3e-3, 0.924, 0.9260, 0.9633)]
    [InlineData(1.5e-2, 0.929, 0.9321, 0.9633)]
    public void Run_TestRowsInTwentyOrders_BeatsThePublishedPacerAndTheHull(double budget, double published, double staticHull, double oracle)
    {
        var recording = BanditRecording.Load();
        var hull = recording.HullOnTest(budget);
        var runs = Runs(recording, budget, new ScheduledPacer(recording.Parameters(budget), recording.Schedule), LinearRule.Instance);
        var (quality, used) = (runs.Average(r => r.MeanQuality), runs.Average(r => r.Utilisation));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"B {budget:0.0e0}: reward {quality:F4} (orders {runs.Min(r => r.MeanQuality):F4} to {runs.Max(r => r.MeanQuality):F4}), published {published:F3}, "
            + $"hull {hull:F4}, oracle {oracle:F4}, gap closed {(quality - hull) / (oracle - hull):P1}, "
            + $"used {used:F4} ({runs.Min(r => r.Utilisation):F4} to {runs.Max(r => r.Utilisation):F4}), refused {runs.Average(r => r.Refused):F2}, "
            + $"cut off {runs.Average(r => r.Truncated):F2}, shares {string.Join(" / ", Enumerable.Range(0, 3).Select(m => $"{runs.Average(r => r.Shares[m]):F3}"))}, "
            + $"price {runs.Average(r => r.MeanPrice):F2}");

        Assert.True(double.IsNaN(published) || quality >= published, $"reward {quality} is below the published {published}");
        Assert.True(budget <= 3.0e-4 ? quality > Math.Max(hull, staticHull) : quality >= Math.Max(hull, staticHull) - 0.002, $"reward {quality}, hull {hull} and {staticHull}");
        Assert.InRange(used, 0.97, 1);
        Assert.All(runs, run => Assert.Equal((0, true), (run.Overruns, run.Utilisation is >= 0.97 and <= 1)));
    }

    [Theory]
    [InlineData(8.3e-5, 0.8073, 0.8756)]
    [InlineData(2.3e-4, 0.8456, 0.9304)]
    [InlineData(3.0e-4, 0.8639, 0.9364)]
    [InlineData(6.6e-4, 0.9231, 0.9457)]
    [InlineData(1.9e-3, 0.9239, 0.9561)]
    [InlineData(5.3e-3, 0.9260, 0.9633)]
    [InlineData(1.5e-2, 0.9321, 0.9633)]
    public void Recording_TestRows_HaveThePublishedReferenceLines(double budget, double hull, double oracle)
    {
        var test = BanditRecording.Load().Test;
        Assert.Equal(hull, BanditRecording.Hull(test).AtBudget(budget).Quality, 1e-4);
        Assert.Equal(oracle, Hindsight(test, budget), 3e-4);
    }

    [Fact]
    public void Recording_Means_AreThePublishedOnes()
    {
        var (quality, cost) = BanditRecording.Means(BanditRecording.Load().Test);
        Assert.Equal([0.793, 0.923, 0.932], quality, (a, b) => Math.Abs(a - b) < 5e-4);
        Assert.Equal([2.9e-5, 5.3e-4, 1.5e-2], cost, (a, b) => Math.Abs(a - b) < 0.02 * a);
    }

    [Fact]
    public void Fit_ValidationRows_SaysHowMuchTextTells()
    {
        var fit = BanditRecording.Load().Fit;
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"R² of quality {string.Join(", ", fit.Quality.Select(r => $"{r.CrossValidatedR2:F3} (slope {r.Slope:F2})"))}; "
            + $"of ln cost {string.Join(", ", fit.LogCost.Select(r => $"{r.CrossValidatedR2:F3}"))}");
        Assert.InRange(fit.Quality[1].CrossValidatedR2, 0.05, 0.15);
        Assert.InRange(fit.Quality[2].CrossValidatedR2, 0.005, 0.06);
        Assert.All(fit.LogCost, ridge => Assert.InRange(ridge.CrossValidatedR2, 0.4, 0.8));
    }

    [Theory]
    [InlineData(8.3e-5)]
    [InlineData(2.3e-4)]
    [InlineData(6.6e-4)]
    [InlineData(5.3e-3)]
    public void Run_OtherPacers_AreComparedOnTheSameEstimates(double budget)
    {
        var recording = BanditRecording.Load();
        var parameters = recording.Parameters(budget);
        var ours = Show("schedule", new ScheduledPacer(parameters, recording.Schedule), LinearRule.Instance);
        Show("Euclidean", new DualPacer(parameters), LinearRule.Instance);
        Show("entropic", new DualPacer(parameters with { Geometry = PacerGeometry.Entropic }), LinearRule.Instance);
        Show("PID", new PidPacer(parameters, new PidGains()), LinearRule.Instance);
        Show("fixed price", new FixedPricePacer(recording.Schedule.PriceAt(budget)), LinearRule.Instance);
        var free = Show("no pacing", FixedPricePacer.Free, LinearRule.Instance);
        var bandit = Show("ParetoBandit", new ParetoBanditPacer(budget), new ParetoBanditRule([3.5e-5, 1e-3, 5.6e-3], 0));
        var port = Show("PORT", FixedPricePacer.Free, new PortRule(new PortOptions
        {
            BudgetsUsd = [.. Enumerable.Repeat(parameters.BudgetUsd / 3, 3)],
            Scale = 1,
        }));
        Assert.All([free, bandit, port], other => Assert.True(ours > other, $"reward {ours} against {other}"));

        double Show(string name, IPacer pacer, IPacingRule rule)
        {
            var runs = Runs(recording, budget, pacer, rule, FewOrders);
            Assert.All(runs, run => Assert.InRange(run.Utilisation, 0, 1));
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"B {budget:0.0e0} {name}: reward {runs.Average(r => r.MeanQuality):F4}, used {runs.Average(r => r.Utilisation):F4}, "
                + $"unanswered {runs.Average(r => r.Refused + r.Declined):F1}");
            return runs.Average(r => r.MeanQuality);
        }
    }

    [Fact]
    public void Run_BenefitsBelowZeroAreLeft_SpendsLessAndGainsMoreAtTheLoosestBudget()
    {
        const double Budget = 1.5e-2;
        var recording = BanditRecording.Load();
        var pacer = new ScheduledPacer(recording.Parameters(Budget), recording.Schedule);
        var spender = Runs(recording, Budget, pacer, LinearRule.Instance, FewOrders);
        var saver = Enumerable.Range(1, FewOrders).Select(seed =>
            PacingSimulator.Run(recording.FreeToSaveRows, recording.Scenario(Budget, seed), pacer, LinearRule.Instance)).ToList();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"B {Budget:0.0e0}: reward {saver.Average(r => r.MeanQuality):F4} for {saver.Average(r => r.Utilisation):F3} of the budget, "
            + $"{spender.Average(r => r.MeanQuality):F4} for {spender.Average(r => r.Utilisation):F3}");
        Assert.InRange(saver.Average(r => r.Utilisation), 0.7, 0.95);
        Assert.True(saver.Average(r => r.MeanQuality) > spender.Average(r => r.MeanQuality));
    }

    [Theory]
    [InlineData("dearest at a tenth of its price", 2, 1, 0.1, 0.75)]
    [InlineData("middle at twice its price", 1, 1, 2, 0.97)]
    [InlineData("middle fails in silence", 1, 0.5, 1, 0.97)]
    public void Run_ChangeInMidRun_KeepsTheCapAndUsesTheMoney(string name, int model, double quality, double cost, double least)
    {
        var recording = BanditRecording.Load();
        var change = new OutcomeChange { FromShare = 0.5, Model = model, QualityFactor = quality, CostFactor = cost };
        // Where the dearest model becomes cheap, calling nothing else does not use the loosest budget up.
        Assert.All([2.3e-4, 6.6e-4, 1.9e-3], budget =>
        {
            var pacer = new ScheduledPacer(recording.Parameters(budget), recording.Schedule);
            var runs = Enumerable.Range(1, FewOrders).Select(seed => PacingSimulator.Run(
                recording.TestRows, recording.Scenario(budget, seed) with { Changes = [change] }, pacer, LinearRule.Instance)).ToList();
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{name}, B {budget:0.0e0}: reward {runs.Average(r => r.MeanQuality):F4}, used {runs.Average(r => r.Utilisation):F4}");
            Assert.InRange(runs.Average(r => r.Utilisation), least, 1);
            Assert.All(runs, run => Assert.InRange(run.Utilisation, 0, 1));
        });
    }

    [Theory]
    [InlineData(ArrivalKind.Steady, TrafficKnowledge.Clock, 50)]
    [InlineData(ArrivalKind.Diurnal, TrafficKnowledge.Profile, 20)]
    [InlineData(ArrivalKind.Bursty, TrafficKnowledge.Clock, 20)]
    public void Run_UnevenTrafficAndDelay_KeepsTheCap(ArrivalKind kind, TrafficKnowledge knowledge, int inFlight)
    {
        var recording = BanditRecording.Load();
        var arrivals = new ArrivalProcess { Kind = kind };
        var profile = SpendPlan.Even(arrivals.Expected(recording.TestRows.RowCount, 168));
        Assert.All([2.3e-4, 1.9e-3], budget =>
        {
            var pacer = new ScheduledPacer(recording.Parameters(budget), recording.Schedule);
            var runs = Enumerable.Range(1, FewOrders).Select(seed => PacingSimulator.Run(
                recording.TestRows,
                recording.Scenario(budget, seed) with { Arrivals = arrivals, Knowledge = knowledge, Profile = profile, InFlight = inFlight },
                pacer,
                LinearRule.Instance)).ToList();
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{kind}, {inFlight} in flight, B {budget:0.0e0}: reward {runs.Average(r => r.MeanQuality):F4}, used {runs.Average(r => r.Utilisation):F4}, "
                + $"refused {runs.Average(r => r.Refused):F1}");
            Assert.All(runs, run => Assert.InRange(run.PeakCommittedUsd, 0, run.BudgetUsd * (1 + 1e-12)));
        });
    }

    private static List<PacingRun> Runs(BanditRecording recording, double budget, IPacer pacer, IPacingRule rule, int orders = Orders) =>
        [.. Enumerable.Range(1, orders).Select(seed => PacingSimulator.Run(recording.TestRows, recording.Scenario(budget, seed), pacer, rule))];

    // The Lagrangian bound of the best choice in hindsight: min over λ of mean max(q − λc) + λB, on a grid refined around the price of the budget.
    private static double Hindsight(PriorMatrix test, double budget)
    {
        var price = PriceSchedule.OfDecisions(test, test).PriceAt(budget);
        var sum = 0.0;
        for (var row = 0; row < test.RowCount; row++)
        {
            var best = double.NegativeInfinity;
            for (var model = 0; model < test.ModelCount; model++)
            {
                best = Math.Max(best, test.Quality(row)[model] - (price * test.CostUsd(row)[model]));
            }

            sum += best / test.RowCount;
        }

        return sum + (price * budget);
    }
}
