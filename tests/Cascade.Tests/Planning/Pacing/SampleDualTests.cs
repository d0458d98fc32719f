using Cascade.Planning.Pacing;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class SampleDualTests
{
    private static readonly double[] Values = [1, 0.5, 0.25];
    private static readonly double[] Ones = [1, 1, 1];

    private static readonly Gen<(double[] Values, double[] Costs, double[] Budgets, SampleDualMode Mode)> Cases =
        Gen.Int[2, 12].SelectMany(rows => Gen.Select(
            Gen.Double[0, 1].Array[2 * rows],
            Gen.Double[0.05, 1].Array[2 * rows],
            Gen.Double[0.2, 4].Array[2],
            Gen.Bool.Select(compat => compat ? SampleDualMode.Compat : SampleDualMode.Void)));

    [Theory]
    [InlineData(1, 0.5, 1, 1)]
    [InlineData(1.5, 0.5, 0.5, 1.25)]
    [InlineData(2.5, 0.25, 0.25, 1.625)]
    public void T9_6_Solve_VoidOption_IsTheOptimum(double budget, double lowest, double highest, double value)
    {
        var price = Assert.Single(SampleDual.Solve(Values, Ones, [budget], 1, SampleDualMode.Void));
        Assert.InRange(price, lowest - 1e-6, highest + 1e-6);
        Assert.Equal(value, SampleDual.Objective(Values, Ones, [budget], 1, SampleDualMode.Void, [price]), 1e-6);
    }

    [Fact]
    public void Solve_LoneModelWithoutVoid_CostsItsUpperBound() =>
        Assert.Equal(1, Assert.Single(SampleDual.Solve(Values, Ones, [1], 1, SampleDualMode.Compat)), 1e-6);

    [Fact]
    public void Solve_TwoModels_IsAtTheGridsOptimum() => Cases.Sample(
        c =>
        {
            var prices = SampleDual.Solve(c.Values, c.Costs, c.Budgets, 1, c.Mode);
            var reached = SampleDual.Objective(c.Values, c.Costs, c.Budgets, 1, c.Mode, prices);
            return prices.All(p => p >= 0) && reached <= GridOptimum(c.Values, c.Costs, c.Budgets, c.Mode) + 1e-3;
        },
        iter: 200);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (free, paid, compat) = (0, 0, 0);
        Cases.Sample(
            c =>
            {
                var prices = SampleDual.Solve(c.Values, c.Costs, c.Budgets, 1, c.Mode);
                free += prices.Any(p => p < 1e-6) ? 1 : 0;
                paid += prices.Any(p => p > 1e-3) ? 1 : 0;
                compat += c.Mode == SampleDualMode.Compat ? 1 : 0;
            },
            iter: 400, threads: 1);
        Assert.All([free, paid, compat], count => Assert.InRange(count, 20, 400));
    }

    [Fact]
    public void Solve_BadInput_IsNamed()
    {
        Assert.Contains("cost", Assert.Throws<ArgumentException>(() => SampleDual.Solve([1], [], [1], 1, SampleDualMode.Void)).Message, StringComparison.Ordinal);
        Assert.Contains("budgets", Assert.Throws<ArgumentException>(() => SampleDual.Solve([1], [1], [-1], 1, SampleDualMode.Void)).Message, StringComparison.Ordinal);
        Assert.Contains("scale", Assert.Throws<ArgumentException>(() => SampleDual.Solve([1], [1], [1], 0, SampleDualMode.None)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SampleDual.Solve([], [], [1], 1, SampleDualMode.Void));
        Assert.Throws<ArgumentException>(() => SampleDual.Solve([1, 1, 1], [1, 1, 1], [1, 1], 1, SampleDualMode.Void));
    }

    // The objective is convex, so that a fine grid bounds it to within its slope times the spacing; the grid itself can only be too high.
    private static double GridOptimum(double[] values, double[] costs, double[] budgets, SampleDualMode mode)
    {
        var top = mode == SampleDualMode.Compat ? 1 : values.Zip(costs, (v, c) => v / c).Max();
        var best = double.PositiveInfinity;
        for (var i = 0; i <= 60; i++)
        {
            for (var j = 0; j <= 60; j++)
            {
                best = Math.Min(best, SampleDual.Objective(values, costs, budgets, 1, mode, [top * i / 60, top * j / 60]));
            }
        }

        return best;
    }
}
