using Cascade.Planning.Estimation;
using Cascade.Planning.Features;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Routing;

public sealed class LinearFitTests
{
    private static readonly LinkFunction[] Links = [LinkFunction.Logistic, LinkFunction.Exponential, LinkFunction.Logistic];
    private static readonly double[] Ridge = [0.01, 0.02, 0.5];

    private static readonly Gen<double[]> Points = Gen.Double[-1, 1].Array[Problem(12).Size];

    [Fact]
    public void Minimise_Quadratic_FindsTheMinimum()
    {
        double[] curvature = [1, 100, 0.01, 5];
        double[] point = [0, 0, 0, 0];

        var converged = new LimitedMemoryBfgs(4, 100, 1e-10).Minimise(
            (x, g) =>
            {
                var value = 0.0;
                for (var i = 0; i < x.Length; i++)
                {
                    g[i] = curvature[i] * (x[i] - i - 1);
                    value += 0.5 * curvature[i] * (x[i] - i - 1) * (x[i] - i - 1);
                }

                return value;
            },
            [1, 1, 1, 1],
            point);

        Assert.True(converged);
        Assert.Equal([1, 2, 3, 4], point, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Evaluate_AnyPoint_GradientIsTheSlopeOfTheValue()
    {
        var problem = Problem(12);
        Points.Sample(
            point =>
            {
                var (gradient, scratch) = (new double[problem.Size], new double[problem.Size]);
                problem.Evaluate(point, Ridge, gradient);
                for (var i = 0; i < problem.Size; i++)
                {
                    if (i % problem.Stride >= problem.Heads)
                    {
                        Assert.Equal(0, gradient[i]);
                        continue;
                    }

                    var (up, down) = ((double[])point.Clone(), (double[])point.Clone());
                    up[i] += 1e-5;
                    down[i] -= 1e-5;
                    var slope = (problem.Evaluate(up, Ridge, scratch) - problem.Evaluate(down, Ridge, scratch)) / 2e-5;
                    Assert.Equal(slope, gradient[i], 1e-6);
                }
            },
            iter: 5);
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var problem = Problem(12);
        var (rising, falling) = (0, 0);
        Points.Sample(
            point =>
            {
                var gradient = new double[problem.Size];
                problem.Evaluate(point, Ridge, gradient);
                rising += gradient.Count(g => g > 1e-3);
                falling += gradient.Count(g => g < -1e-3);
            },
            iter: 20, threads: 1);

        Assert.True(rising > 20 && falling > 20, $"{rising} rising, {falling} falling");
    }

    [Fact]
    public void Intercepts_NoFeatures_AreTheOptimum()
    {
        var table = RoutingTables.TwoKinds(40, withTask: false);
        var features = FeatureRows.Of(new FeatureSpec { WordGrams = 0, Buckets = 2 }, table);
        var problem = new LinearProblem(features, Targets(40), Links, [.. Enumerable.Range(0, 40)]);
        var weights = problem.Intercepts();

        new LimitedMemoryBfgs(6, 200, 1e-10).Minimise((x, g) => problem.Evaluate(x, Ridge, g), Ones(problem.Size), weights);

        var last = problem.Size - problem.Stride;
        var means = Enumerable.Range(0, 3).Select(h => Enumerable.Range(0, 40).Average(row => Targets(40)[(row * problem.Stride) + h])).ToArray();
        Assert.Equal(Math.Log(means[0] / (1 - means[0])), weights[last], 1e-6);
        Assert.Equal(Math.Log(means[1]), weights[last + 1], 1e-6);
    }

    [Fact]
    public void Train_CostWithoutSpread_IsPredictedExactly()
    {
        var estimator = new LogisticTrainer().Train(RoutingTables.TwoKinds(60, withTask: false), 1);
        var (quality, cost) = (new double[2], new double[2]);

        estimator.Compile().Estimate(new QueryFacts { Text = "compute the product of 3 and 4", InputTokens = double.NaN }, quality, cost);

        Assert.Equal(0.001, cost[0], 1e-6);
        Assert.InRange(cost[1], 0.0125, 0.016);
        Assert.True(quality[0] < 0.5 && quality[1] > 0.7, $"{quality[0]}, {quality[1]}");
    }

    private static LinearProblem Problem(int rows) => new(
        FeatureRows.Of(new FeatureSpec { Buckets = 16 }, RoutingTables.TwoKinds(rows, withTask: false)), Targets(rows), Links, [.. Enumerable.Range(0, rows)]);

    private static double[] Targets(int rows)
    {
        var stride = LinearProblem.StrideOf(Links.Length);
        var targets = new double[rows * stride];
        for (var row = 0; row < rows; row++)
        {
            (targets[row * stride], targets[(row * stride) + 1], targets[(row * stride) + 2]) = (row % 3 == 0 ? 1 : 0, 0.5 + (row % 4 * 0.4), row % 5 * 0.25);
        }

        return targets;
    }

    private static double[] Ones(int size)
    {
        var ones = new double[size];
        Array.Fill(ones, 1);
        return ones;
    }
}
