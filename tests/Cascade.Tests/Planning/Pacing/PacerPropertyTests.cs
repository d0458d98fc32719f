using Cascade.Planning.Frontier;
using Cascade.Planning.Pacing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class PacerPropertyTests
{
    private static readonly string[] Kinds = ["euclidean", "entropic", "fixed plan", "pid", "plan", "schedule", "floor", "paretobandit", "fixed price"];

    private static readonly Gen<Case> Cases = Gen.Select(
        Gen.Int[0, Kinds.Length - 1], Gen.Double[1e-6, 1e6], Gen.Double[1, 1e6], Gen.Double[-0.2, 1.5], Gen.Select(Reports, Reports, Reports),
        (kind, budget, requests, start, reports) => new Case(
            kind, new PacerParameters { BudgetUsd = budget, ExpectedRequests = requests }, start, [reports.Item1, reports.Item2, reports.Item3]));

    private static Gen<Shares> Reports => Gen.Select(
        Gen.Int[0, 2_000], Gen.Frequency((4, Gen.Double[0, 3]), (1, Gen.Double[0, 1_000])), Gen.Double[-0.2, 1.5], Gen.Double[-1, 2],
        Gen.Select(Gen.Int[0, 100], Gen.Double[0, 1], Gen.Double[0, 1]),
        (count, spend, left, ahead, rest) => new Shares(count, spend, left, ahead, rest.Item1, rest.Item2, rest.Item3));

    [Fact]
    public void Update_AnyReports_KeepThePriceInRange() => Cases.Sample(
        c => Prices(c).All(p => p.Price >= 0 && p.Price <= p.Pacer.MaxPrice && double.IsFinite(p.Price)), iter: 5_000);

    [Fact]
    public void Update_OverspendAlone_NeverLowersThePrice() => Cases.Sample(
        c =>
        {
            var pacer = Create(c);
            var before = pacer.Start(c.Start * c.Parameters.ReferencePrice);
            var report = Report(c, c.Reports[0] with { Left = 1, Ahead = 1, Count = 1, Spend = 4 });
            var after = pacer.Update(before, report);
            return pacer is FloorPacer or PlanPacer || after.Price >= before.Price * (1 - 1e-12);
        },
        iter: 2_000);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (kinds, inside, atZero, atMax, broke) = (new int[Kinds.Length], 0, 0, 0, 0);
        Cases.Sample(
            c =>
            {
                kinds[c.Kind]++;
                foreach (var (pacer, price) in Prices(c))
                {
                    inside += price > 0 && price < pacer.MaxPrice ? 1 : 0;
                    atZero += price == 0 ? 1 : 0;
                    atMax += price == pacer.MaxPrice ? 1 : 0;
                }

                broke += c.Reports[0].Left <= 0 ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.All([.. kinds, inside, atZero, atMax, broke], count => Assert.InRange(count, 100, 15_000));
    }

    [Fact]
    public void Create_BadSettings_AreNamed()
    {
        var right = new PacerParameters { BudgetUsd = 1, ExpectedRequests = 1 };
        Names(() => new PidPacer(right, new PidGains { Proportional = 0, Integral = -1, Derivative = 11, SmoothingRequests = 0, IntegralLimit = double.NaN }),
            "Proportional", "Integral ", "Derivative", "SmoothingRequests", "IntegralLimit");
        Names(() => new DualPacer(right with { Geometry = PacerGeometry.None }), "Geometry");
        Names(() => new FloorPacer(right, 1.5), "floor");
        Names(() => new FixedPricePacer(double.NaN), "price");
        Names(() => new ParetoBanditPacer(0), "planUsd");
        Names(() => new SpendPlan([1, -1], [1]), "requests", "weights");
        Names(() => new SpendPlan([1, 0], [0, 1]), "weights");
        Names(() => new PortRule(new PortOptions { BudgetsUsd = [], SampleShare = 0, Scale = 0, Mode = SampleDualMode.None }),
            "BudgetsUsd", "SampleShare", "Scale", "Mode");
        Names(() => new ParetoBanditRule([0], 0), "usdPerThousandTokens");
    }

    [Fact]
    public void Update_BadReport_IsNamed()
    {
        var pacer = Create(new Case(0, new PacerParameters { BudgetUsd = 1, ExpectedRequests = 1 }, 0, []));
        var right = new PacingReport { Requests = 1, SpendUsd = 1, RemainingBudgetUsd = 1, ExpectedRemainingRequests = 1 };
        Names(() => pacer.Update(default, right with { WindowShare = 1.5 }), "WindowShare");
        Names(() => pacer.Update(default, right with { MeanQuality = -1 }), "MeanQuality");
        Names(() => pacer.Update(default, right with { InFlight = -1 }), "InFlight");
    }

    private static void Names(Func<object> act, params string[] names)
    {
        var message = Assert.ThrowsAny<ArgumentException>(act).Message;
        Assert.All(names, name => Assert.Contains(name, message, StringComparison.Ordinal));
    }

    private static IEnumerable<(IPacer Pacer, double Price)> Prices(Case c)
    {
        var pacer = Create(c);
        var state = pacer.Start(c.Start * c.Parameters.ReferencePrice);
        yield return (pacer, state.Price);
        foreach (var shares in c.Reports)
        {
            state = pacer.Update(state, Report(c, shares));
            yield return (pacer, state.Price);
        }
    }

    private static PacingReport Report(Case c, Shares shares) => new()
    {
        Requests = shares.Count,
        SpendUsd = shares.Spend * shares.Count * c.Parameters.PlanUsd,
        RemainingBudgetUsd = shares.Left * c.Parameters.BudgetUsd,
        ExpectedRemainingRequests = shares.Ahead * c.Parameters.ExpectedRequests,
        InFlight = shares.InFlight,
        WindowShare = shares.Window,
        MeanQuality = shares.Quality,
    };

    private static IPacer Create(Case c)
    {
        var plan = c.Parameters.PlanUsd;
        return Kinds[c.Kind] switch
        {
            "entropic" => new DualPacer(c.Parameters with { Geometry = PacerGeometry.Entropic }),
            "fixed plan" => new DualPacer(c.Parameters with { ResolvesPlan = false }),
            "pid" => new PidPacer(c.Parameters, new PidGains()),
            "plan" => new PlanPacer(c.Parameters, new SpendPlan([1, 2, 0, 4], [1, 0, 3, 2])),
            "schedule" => new ScheduledPacer(c.Parameters, PriceSchedule.OfFrontier(
                CostFrontier.Of([new(plan / 3, 0.2, 0), new(plan, 0.5, 1), new(plan * 2, 0.6, 2)]))),
            "floor" => new FloorPacer(c.Parameters, 0.5),
            "paretobandit" => new ParetoBanditPacer(plan),
            "fixed price" => new FixedPricePacer(0.3),
            _ => new DualPacer(c.Parameters),
        };
    }

    private sealed record Case(int Kind, PacerParameters Parameters, double Start, Shares[] Reports);

    private sealed record Shares(int Count, double Spend, double Left, double Ahead, int InFlight, double Window, double Quality);
}
