using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.TestKit.Planning;

/// <summary>Plans over the models <c>cheap</c> and <c>strong</c>.</summary>
public static class TestPlans
{
    /// <summary>A plan of three points: the cheap model, a pair with the threshold 0.5 on the signal <c>judge</c>, the strong model; λ is 50, then 10.</summary>
    public static PlanDocument CheapPairStrong { get; } = new()
    {
        Name = "test",
        FittedAt = DateTimeOffset.UnixEpoch,
        Strategy = "pairwise-envelope",
        Data = new PlanData
        {
            Sha256 = new string('0', 64),
            Queries = 10,
            FitShare = 0.4,
            ChooseShare = 0.3,
            Salt = "",
            FitRows = 4,
            ChooseRows = 3,
            ReportRows = 3,
        },
        Models =
        [
            new PlanModel { Name = "cheap", Quality = 0.6, CostUsd = 0.001, Rows = 4 },
            new PlanModel { Name = "strong", Quality = 0.9, CostUsd = 0.01, Rows = 4 },
        ],
        ScoreModels = [new SignalScore { Signal = "judge" }, null],
        Estimator = null,
        Points = [Point(ChainSpec.Direct(0), 0.001, 0.6), Point(ChainSpec.Pair(0, 1, 0.5), 0.005, 0.8), Point(ChainSpec.Direct(1), 0.01, 0.85)],
        Prices = [(0.8 - 0.6) / (0.005 - 0.001), (0.85 - 0.8) / (0.01 - 0.005)],
        WarmStart = [],
        Switches = [],
        Report = null,
    };

    /// <summary>The same plan with one point only.</summary>
    /// <param name="policy">What it decides by.</param>
    /// <param name="price">λ that it decides with.</param>
    /// <returns>The plan.</returns>
    public static PlanDocument Of(PolicySpec policy, double price = 0) =>
        CheapPairStrong with { Points = [Point(policy, 0.005, 0.8) with { Price = price }], Prices = [] };

    /// <summary>A point with a price of 0.</summary>
    /// <param name="policy">Its policy.</param>
    /// <param name="cost">Mean dollars per request.</param>
    /// <param name="quality">Mean quality, 0 to 1.</param>
    /// <returns>The point.</returns>
    public static PlanPoint Point(PolicySpec policy, double cost, double quality) => new()
    {
        Policy = policy,
        Price = 0,
        CostUsd = new PlanFigure(cost, double.NaN, double.NaN),
        Quality = new PlanFigure(quality, double.NaN, double.NaN),
        EscalationRate = 0,
        AbstentionRate = 0,
    };
}
