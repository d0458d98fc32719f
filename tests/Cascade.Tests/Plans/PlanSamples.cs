using System.Collections.Immutable;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Tests.Plans;

internal static class PlanSamples
{
    /// <summary>Three points: the small model, a threshold pair, the large model. λ is 50, then 10 quality per dollar.</summary>
    public static PlanDocument Pair { get; } = new()
    {
        Name = "support, maths",
        FittedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Strategy = "pairwise-envelope",
        Data = new PlanData
        {
            Sha256 = string.Concat(Enumerable.Repeat("0123456789abcdef", 4)),
            Queries = 1000,
            FitShare = 0.4,
            ChooseShare = 0.3,
            Salt = "support",
            FitRows = 400,
            ChooseRows = 300,
            ReportRows = 300,
        },
        Models =
        [
            new PlanModel { Name = "small", Quality = 0.6, CostUsd = 0.001, JudgeCostUsd = 0.0002, Rows = 400 },
            new PlanModel { Name = "large", Quality = 0.9, CostUsd = 0.01, JudgeCostUsd = 0, Rows = 400 },
        ],
        ScoreModels = [new SignalScore { Signal = "confidence" }, null],
        ScoreSets = [],
        Estimator = null,
        Points =
        [
            Point(ChainSpec.Direct(0), 0.001, 0.6, 0),
            Point(ChainSpec.Pair(0, 1, 0.5), 0.005, 0.8, 0.4),
            Point(ChainSpec.Direct(1), 0.01, 0.85, 0),
        ],
        Prices = [(0.8 - 0.6) / (0.005 - 0.001), (0.85 - 0.8) / (0.01 - 0.005)],
        WarmStart = [new PlanWarmStart(0.001, 50), new PlanWarmStart(0.005, 10), new PlanWarmStart(0.01, 0)],
        Switches = [new PlanSwitch(0.005, [0, 1], [1])],
        Report = new PlanReport(
            300,
            [
                .. new[] { (0.0011, 0.58), (0.0052, 0.79), (0.0099, 0.86) }.Select(p =>
                    new PlanReportPoint(new PlanFigure(p.Item1, p.Item1, p.Item1), new PlanFigure(p.Item2, p.Item2 - 0.05, p.Item2 + 0.05), 0.4, 0)),
            ]),
    };

    /// <summary>A sound plan of 1 to 5 points on a concave hull, over 1 to 4 models.</summary>
    public static PlanDocument Sound(int seed)
    {
        var random = new Random(seed);
        var (models, sets) = (random.Next(1, 5), random.Next(0, 3));
        var (cost, quality, slope) = (random.NextDouble() / 1000, random.NextDouble() / 10, Math.Pow(10, random.Next(-1, 5)));
        var points = new PlanPoint[random.Next(1, 6)];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = Point(Chain(random, models), cost, quality, random.NextDouble()) with
            {
                Price = random.Next(3) == 0 ? 0 : random.NextDouble() * 100,
                ScoreSet = random.Next(-1, sets) is >= 0 and var set ? set : null,
            };
            var gain = 0.01 + (random.NextDouble() / 10);
            (cost, quality, slope) = (cost + (gain / slope), quality + gain, slope * (0.1 + (random.NextDouble() * 0.8)));
        }

        return With(
            Pair with
            {
                Models = [.. Enumerable.Range(0, models).Select(m => new PlanModel { Name = $"m{m}", Quality = 0.5, CostUsd = 1, JudgeCostUsd = 0, Rows = 1 })],
                ScoreModels = [.. Scores(random, models)],
                ScoreSets = [.. Enumerable.Range(0, sets).Select(_ => new PlanScoreSet([.. Scores(random, models)]))],
                WarmStart = [],
                Switches = [],
            },
            points);
    }

    public static PlanDocument With(PlanDocument plan, params PlanPoint[] points) => plan with
    {
        Points = [.. points],
        Prices = [.. points.Zip(points.Skip(1), (a, b) => (b.Quality.Mean - a.Quality.Mean) / (b.CostUsd.Mean - a.CostUsd.Mean))],
        Report = null,
    };

    public static PlanPoint Point(PolicySpec policy, double cost, double quality, double escalation) => new()
    {
        Policy = policy,
        Price = 0,
        ScoreSet = null,
        CostUsd = new PlanFigure(cost, double.NaN, double.NaN),
        Quality = new PlanFigure(quality, quality - 0.05, quality + 0.05),
        EscalationRate = escalation,
        AbstentionRate = 0,
    };

    private static IEnumerable<ScoreModel?> Scores(Random random, int models) =>
        Enumerable.Range(0, models).Select(_ => random.Next(2) == 0 ? null : (ScoreModel)new SignalScore { Signal = "s" });

    private static ChainSpec Chain(Random random, int models)
    {
        var stages = random.GetItems(Enumerable.Range(0, models).ToArray(), random.Next(1, models + 1)).Distinct().ToImmutableArray();
        double[] thresholds = [double.NegativeInfinity, -1.5, 0, 0.5, 1, double.PositiveInfinity];
        return new ChainSpec { Models = stages, Thresholds = [.. random.GetItems(thresholds, stages.Length - 1)] };
    }

    public static ImmutableArray<T> Replace<T>(ImmutableArray<T> list, int index, Func<T, T> change) => list.SetItem(index, change(list[index]));
}
