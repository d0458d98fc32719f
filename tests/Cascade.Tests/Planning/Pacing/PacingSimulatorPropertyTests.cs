using Cascade.Planning.Estimation;
using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class PacingSimulatorPropertyTests
{
    // Sums of open reservations are doubles: with calls in flight the cap holds to rounding, without to the last bit.
    private const double Rounding = 1e-12;

    private static readonly Gen<PacingRows> AllRows = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 30]).SelectMany((actions, rows) => Gen.Select(
        Gen.Double[0, 1].Array[2 * actions * rows],
        Gen.Frequency((1, Gen.Const(0.0)), (6, Gen.Double[1e-5, 1])).Array[2 * actions * rows],
        Gen.Double[0, 3].Array[actions],
        (quality, cost, least) => new PacingRows(
            new PriorMatrix(actions, quality[..(actions * rows)], cost[..(actions * rows)]),
            new PriorMatrix(actions, quality[(actions * rows)..], cost[(actions * rows)..]),
            [.. Enumerable.Repeat(1.0, actions)], least)));

    private static readonly Gen<PacingScenario> Scenarios = Gen.Select(
        Gen.Double[0.01, 200], Gen.Int[1, 300], Gen.ULong, Gen.Int[0, 2], Gen.Int[0, 20], Gen.Select(Gen.Bool, Gen.Bool, Gen.Double[0, 1], Gen.Double[0, 3]),
        (budget, requests, seed, arrivals, inFlight, extras) => new PacingScenario
        {
            BudgetUsd = budget,
            Requests = requests,
            Seed = seed,
            Arrivals = new ArrivalProcess { Kind = ArrivalKind.Steady + arrivals },
            Knowledge = arrivals == 0 ? TrafficKnowledge.Count : TrafficKnowledge.Clock,
            InFlight = inFlight,
            ReportsQuality = true,
            CostDrift = extras.Item1 ? CostDrift.Default : null,
            Rest = extras.Item2 ? new RestReserve(0.1, 0.1, 1) : null,
            Changes = [new OutcomeChange { FromShare = extras.Item3, Model = 0, QualityFactor = extras.Item3, CostFactor = extras.Item4 }],
        });

    private static readonly Gen<(PacingRows Rows, PacingScenario Scenario, int Pacer, int Rule)> Cases =
        Gen.Select(AllRows, Scenarios, Gen.Int[0, 4], Gen.Int[0, 2]);

    [Fact]
    public void Run_AnyCase_NeverSpendsMoreThanTheCap() => Cases.Sample(
        c =>
        {
            var run = Run(c.Rows, c.Scenario, c.Pacer, c.Rule);
            var cap = c.Scenario.BudgetUsd * (c.Scenario.InFlight == 0 ? 1 : 1 + Rounding);
            return run.Overruns == 0 && run.SpendUsd <= cap && run.PeakCommittedUsd <= cap;
        },
        iter: 500);

    [Fact]
    public void Run_AnyCase_ServesOrCountsEveryRequest() => Cases.Sample(
        c =>
        {
            var run = Run(c.Rows, c.Scenario, c.Pacer, c.Rule);
            var served = run.Shares.Sum() * c.Scenario.Requests;
            return Math.Abs(served + run.Refused + run.Declined - c.Scenario.Requests) < 1e-6
                && run.MeanQuality is >= 0 and <= 1
                && run.Series.All(p => p.Price >= 0 && double.IsFinite(p.Price) && p.WindowShare is >= 0 and <= 1);
        },
        iter: 500);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (refused, declined, downgraded, truncated, full, idle) = (0, 0, 0, 0, 0, 0);
        Cases.Sample(
            c =>
            {
                var run = Run(c.Rows, c.Scenario, c.Pacer, c.Rule);
                refused += run.Refused > 0 ? 1 : 0;
                declined += run.Declined > 0 ? 1 : 0;
                downgraded += run.Downgraded > 0 ? 1 : 0;
                truncated += run.Truncated > 0 ? 1 : 0;
                full += run.Utilisation > 0.95 ? 1 : 0;
                idle += run.Utilisation < 0.5 ? 1 : 0;
            },
            iter: 500, threads: 1);
        Assert.All([refused, declined, downgraded, truncated, full, idle], count => Assert.InRange(count, 15, 500));
    }

    private static PacingRun Run(PacingRows rows, PacingScenario scenario, int pacer, int rule)
    {
        var parameters = new PacerParameters { BudgetUsd = scenario.BudgetUsd, ExpectedRequests = scenario.Requests };
        IPacer chosen = pacer switch
        {
            0 => new DualPacer(parameters),
            1 => new DualPacer(parameters with { Geometry = PacerGeometry.Entropic }),
            2 => new PidPacer(parameters, new PidGains()),
            3 => new ScheduledPacer(parameters, PriceSchedule.OfDecisions(rows.Estimates, rows.Recorded)),
            _ => FixedPricePacer.Free,
        };
        double[] ones = [.. Enumerable.Repeat(1.0, rows.ActionCount)];
        return PacingSimulator.Run(rows, scenario, chosen, rule switch
        {
            0 => LinearRule.Instance,
            1 => new ParetoBanditRule(ones, 0),
            _ => new PortRule(new PortOptions { BudgetsUsd = [.. ones], SampleShare = 0.1, Scale = 1 }),
        });
    }
}
