using Cascade.Planning.Estimation;
using Cascade.Planning.Frontier;
using Cascade.Planning.Pacing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class PriceScheduleTests
{
    // Few distinct values, so that equal costs, equal qualities and points on one line are common.
    private static readonly Gen<PriorMatrix> Matrices = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 12]).SelectMany((models, rows) => Gen.Select(
        Gen.Int[0, 10].Array[models * rows], Gen.Int[0, 6].Array[models * rows],
        (quality, cost) => new PriorMatrix(models, [.. quality.Select(q => q / 10.0)], [.. cost.Select(c => (double)c)])));

    private static readonly Gen<(PriorMatrix Matrix, double Plan)> Cases = Gen.Select(Matrices, Gen.Double[-0.5, 6.5]);

    [Fact]
    public void PriceAt_AnyRows_IsTheLowestPriceThatMeetsTheBudget() => Cases.Sample(c =>
    {
        var price = PriceSchedule.OfDecisions(c.Matrix, c.Matrix).PriceAt(c.Plan);
        if (double.IsInfinity(price))
        {
            return Cost(c.Matrix, 1e12) > c.Plan;
        }

        // Just above the price no row stands on the edge between two choices.
        return Cost(c.Matrix, price + 1e-9) <= c.Plan && (price == 0 || Cost(c.Matrix, price - 1e-9) > c.Plan);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (infinite, binding, free) = (0, 0, 0);
        Cases.Sample(
            c =>
            {
                var price = PriceSchedule.OfDecisions(c.Matrix, c.Matrix).PriceAt(c.Plan);
                infinite += double.IsInfinity(price) ? 1 : 0;
                binding += price > 0 && double.IsFinite(price) ? 1 : 0;
                free += price == 0 ? 1 : 0;
            },
            iter: 3_000, threads: 1);
        Assert.All([infinite, binding, free], count => Assert.InRange(count, 100, 3_000));
    }

    [Fact]
    public void PriceAt_RecordedChargesFallBack_HoldsTheBudgetAtEveryPriceAbove()
    {
        var estimates = new PriorMatrix(2, [0, 0.9, 0, 0.5], [0, 1, 0, 1]);
        var charged = new PriorMatrix(2, [0, 0.9, 0, 0.5], [0, 4, 3, 0]);
        var schedule = PriceSchedule.OfDecisions(estimates, charged);
        Assert.Equal((1.5, 3.5), (schedule.LowestCostUsd, schedule.HighestCostUsd));
        Assert.Equal(double.PositiveInfinity, schedule.PriceAt(1.4));
        Assert.Equal(0.9, schedule.PriceAt(2));
        Assert.Equal(0, schedule.PriceAt(3.5));
    }

    [Fact]
    public void OfFrontier_SegmentsAndEnds_AreTheFrontiersPrices()
    {
        var frontier = CostFrontier.Of([new(1, 0.2, 0), new(2, 0.5, 1), new(4, 0.7, 2)]);
        var schedule = PriceSchedule.OfFrontier(frontier);
        Assert.All([0.5, 1, 1.5, 2, 3.9, 4, 9], plan => Assert.Equal(frontier.AtBudget(plan).QualityPerUsd, schedule.PriceAt(plan)));
        Assert.Equal(3, schedule.Count);
    }

    [Fact]
    public void Blend_OlderPrice_CountsLess()
    {
        var schedule = PriceSchedule.OfFrontier(CostFrontier.Of([new(1, 0.2, 0), new(2, 0.5, 1)]));
        var hour = TimeSpan.FromHours(1);
        Assert.Equal(0.7, schedule.Blend(1.5, 0.7, TimeSpan.Zero, hour), 12);
        Assert.Equal(0.5, schedule.Blend(1.5, 0.7, hour, hour), 12);
        Assert.Equal(0.3, schedule.Blend(1.5, 0.7, 100 * hour, hour), 12);
        Assert.Equal(0.7, schedule.Blend(0.5, 0.7, 100 * hour, hour), 12);
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.Blend(1, -1, hour, hour));
        Assert.Throws<ArgumentOutOfRangeException>(() => schedule.PriceAt(double.NaN));
    }

    [Fact]
    public void OfDecisions_SizesDiffer_Throws()
    {
        var one = new PriorMatrix(1, [0], [0]);
        Assert.Throws<ArgumentException>(() => PriceSchedule.OfDecisions(one, new PriorMatrix(1, [0, 0], [0, 0])));
        Assert.Throws<ArgumentException>(() => PriceSchedule.OfDecisions(new PriorMatrix(1, [], []), new PriorMatrix(1, [], [])));
    }

    private static double Cost(PriorMatrix matrix, double price)
    {
        var sum = 0.0;
        for (var row = 0; row < matrix.RowCount; row++)
        {
            var (quality, cost) = (matrix.Quality(row).ToArray(), matrix.CostUsd(row).ToArray());
            var best = Enumerable.Range(0, quality.Length).OrderByDescending(i => quality[i] - (price * cost[i])).ThenBy(i => cost[i]).First();
            sum += cost[best];
        }

        return sum / matrix.RowCount;
    }
}
