using Cascade.Planning.Estimation;
using Xunit;

namespace Cascade.Tests.Planning.Estimation;

public sealed class BenefitRidgeTests
{
    [Fact]
    public void Fit_OneFeature_IsTheClosedForm()
    {
        var features = Rows(1, [[1], [2], [4], [5]]);
        var fit = RidgeRegression.Fit(features, [1, 2, 5, 8], [0, 1, 2, 3], 2);

        // With centred x and y: w = Σxy / (Σx² + penalty) = 17 / (10 + 2), b = ȳ − w·x̄.
        Assert.Equal(17.0 / 12, Assert.Single(fit.Weights), 9);
        Assert.Equal(4 - (3 * 17.0 / 12), fit.Intercept, 9);
        Assert.Equal(4, fit.Predict(Rows(1, [[3]]), 0), 9);
    }

    [Fact]
    public void Fit_ManyFeatures_HasNoGradientLeft()
    {
        var random = new Random(5);
        double[][] rows = [.. Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 60).Select(_ => random.NextDouble()).ToArray())];
        double[] target = [.. rows.Select(r => r[3] - r[7] + random.NextDouble())];
        var features = Rows(60, rows);
        var fit = RidgeRegression.Fit(features, target, [.. Enumerable.Range(0, 40)], 0.5);
        double[] errors = [.. target.Select((y, i) => y - fit.Predict(features, i))];
        Assert.Equal(0, errors.Sum(), 1e-5);
        Assert.All(Enumerable.Range(0, 60), j => Assert.Equal(0.5 * fit.Weights[j], errors.Select((e, i) => e * rows[i][j]).Sum(), 1e-5));
    }

    [Fact]
    public void Fit_TargetIsNoise_BecomesTheMean()
    {
        // A target that alternates within each value of the feature has nothing to be predicted from.
        var features = Rows(2, [.. Enumerable.Range(0, 200).Select(i => new[] { i / 2 % 2, 1.0 })]);
        double[] target = [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? 0.2 : 0.8)];
        var fit = ShrunkRidge.Fit(features, target, Folds(200));
        Assert.True(fit.CrossValidatedR2 <= 0);
        Assert.Equal((0.0, 0.5), (fit.Slope, Math.Round(fit.Predict(features, 0), 12)));
        Assert.All(fit.OutOfFold, p => Assert.Equal(0.5, p, 12));
    }

    [Fact]
    public void Fit_TargetIsTheFeature_IsLearned()
    {
        var features = Rows(1, [.. Enumerable.Range(0, 200).Select(i => new[] { i % 10 / 10.0 })]);
        double[] target = [.. Enumerable.Range(0, 200).Select(i => i % 10 / 10.0)];
        var fit = ShrunkRidge.Fit(features, target, Folds(200));
        Assert.InRange(fit.CrossValidatedR2, 0.99, 1);
        Assert.Equal(0.9, fit.Predict(Rows(1, [[0.9]]), 0), 0.02);
    }

    [Fact]
    public void EstimateAll_Differences_SurviveTheRange()
    {
        var (features, recorded) = World();
        var estimates = BenefitRidge.Fit(features, recorded, Folds(200)).EstimateAll(features);
        for (var row = 0; row < 200; row++)
        {
            var hard = row % 2 == 0;
            var quality = estimates.Quality(row);
            Assert.All(quality.ToArray(), q => Assert.InRange(q, 0, 1));
            Assert.Equal(hard ? 0.8 : -0.1, quality[1] - quality[0], 0.05);
            Assert.Equal(hard ? 0.004 : 0.001, estimates.CostUsd(row)[1], 0.0003);
        }

        Assert.Equal(0.0025, Enumerable.Range(0, 200).Average(r => estimates.CostUsd(r)[1]), 0.0001);
    }

    [Fact]
    public void EstimateAll_LeastBenefit_MakesDearerModelsNeverWorse()
    {
        var (features, recorded) = World();
        var fit = BenefitRidge.Fit(features, recorded, Folds(200));
        var plain = fit.EstimateAll(features);
        var least = (fit with { LeastBenefit = 0.01 }).EstimateAll(features);
        for (var row = 0; row < 200; row++)
        {
            var benefit = least.Quality(row)[1] - least.Quality(row)[0];
            Assert.True(benefit > 0 && benefit >= plain.Quality(row)[1] - plain.Quality(row)[0] - 1e-12);
            Assert.True(row % 2 != 0 || Math.Abs(benefit - (plain.Quality(row)[1] - plain.Quality(row)[0])) < 1e-12);
        }
    }

    [Fact]
    public void Fit_BadInput_IsNamed()
    {
        var features = Rows(1, [[1], [2]]);
        Assert.Contains("target", Assert.Throws<ArgumentException>(() => RidgeRegression.Fit(features, [1], [0], 1)).Message, StringComparison.Ordinal);
        Assert.Contains("penalty", Assert.Throws<ArgumentException>(() => RidgeRegression.Fit(features, [1, 2], [0], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("folds", Assert.Throws<ArgumentException>(() => ShrunkRidge.Fit(features, [1, 2], [0])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ShrunkRidge.Fit(features, [1, 2], [0, 0]));
        Assert.Throws<ArgumentException>(() => features.Add([1], [1]));
        Assert.Throws<ArgumentException>(() => features.Add([0], [double.NaN]));
        Assert.Throws<ArgumentException>(() => BenefitRidge.Fit(features, new PriorMatrix(1, [1], [1]), [0, 1]));
    }

    // Every other row is hard: the second model gains 0.8 there and loses 0.1 elsewhere.
    private static (SparseRows Features, PriorMatrix Recorded) World()
    {
        var features = Rows(1, [.. Enumerable.Range(0, 200).Select(i => new[] { i % 2 == 0 ? 1.0 : -1.0 })]);
        var (quality, cost) = (new double[400], new double[400]);
        for (var row = 0; row < 200; row++)
        {
            var hard = row % 2 == 0;
            (quality[2 * row], quality[(2 * row) + 1]) = hard ? (0.2, 1.0) : (1.0, 0.9);
            (cost[2 * row], cost[(2 * row) + 1]) = (0.0001, hard ? 0.004 : 0.001);
        }

        return (features, new PriorMatrix(2, quality, cost));
    }

    // Pairs of rows stay together, so that every fold has both kinds.
    private static int[] Folds(int rows) => [.. Enumerable.Range(0, rows).Select(i => i / 4 % 5)];

    private static SparseRows Rows(int columns, double[][] rows)
    {
        var features = new SparseRows(columns);
        int[] places = [.. Enumerable.Range(0, columns)];
        foreach (var row in rows)
        {
            features.Add(places, row);
        }

        return features;
    }
}
