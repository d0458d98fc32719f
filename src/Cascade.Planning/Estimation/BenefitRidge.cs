using System.Collections.Immutable;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Estimates quality and cost of every model from features: the quality of the first model, the signed benefit of each model over the one before,
/// and the logarithm of each cost, each by a ridge regression that is drawn to its mean by what it is worth out of fold (<see cref="ShrunkRidge"/>).
/// Immutable.
/// </summary>
/// <remarks>
/// <para>
/// A decision depends on differences of quality alone, and most of what makes an answer good or bad is shared by all models: benefits regressed
/// directly have less noise than differences of two regressions. Models come in order of mean cost.
/// </para>
/// <para>
/// ĉ = s·exp(ln-cost), where s makes the out-of-fold estimates add up to the recorded costs (Duan's smearing): positive, and right in the mean.
/// </para>
/// </remarks>
public sealed record BenefitRidge
{
    /// <summary>The first model's quality, then each model's benefit over the one before.</summary>
    public required ImmutableArray<ShrunkRidge> Quality { get; init; }

    /// <summary>The logarithm of each model's cost in dollars.</summary>
    public required ImmutableArray<ShrunkRidge> LogCost { get; init; }

    /// <summary>s of each model, above 0.</summary>
    public required ImmutableArray<double> CostFactors { get; init; }

    /// <summary>
    /// The least expected benefit of a model over the one before, in quality, 0 or more. At 0 (the default) estimates are left as they are. Above,
    /// <c>b ← ε·exp(b/ε − 1)</c> for b below ε keeps their order and makes all of them positive, for models whose mean benefit is: a dearer model
    /// then counts as never worse, and money that buys anything on average is spent to the end.
    /// </summary>
    public double LeastBenefit { get; init; }

    /// <summary>The number of models.</summary>
    public int ModelCount => Quality.Length;

    /// <summary>Fits.</summary>
    /// <param name="features">The features of every row.</param>
    /// <param name="recorded">Quality and cost of every model on the same rows, models in order of mean cost. A cost of 0 counts as 1e-12 dollars.</param>
    /// <param name="folds">The fold of every row, from 0 without gaps; at least two folds.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentException">A size or number is outside its range.</exception>
    public static BenefitRidge Fit(SparseRows features, PriorMatrix recorded, ReadOnlySpan<int> folds)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(recorded);
        if (features.RowCount != recorded.RowCount)
        {
            throw new ArgumentException($"{features.RowCount} rows of features for {recorded.RowCount} of outcomes; give as many", nameof(recorded));
        }

        var quality = ImmutableArray.CreateBuilder<ShrunkRidge>();
        var logCost = ImmutableArray.CreateBuilder<ShrunkRidge>();
        var factors = ImmutableArray.CreateBuilder<double>();
        var target = new double[recorded.RowCount];
        for (var model = 0; model < recorded.ModelCount; model++)
        {
            for (var row = 0; row < target.Length; row++)
            {
                target[row] = recorded.Quality(row)[model] - (model == 0 ? 0 : recorded.Quality(row)[model - 1]);
            }

            quality.Add(ShrunkRidge.Fit(features, target, folds));
            var total = 0.0;
            for (var row = 0; row < target.Length; row++)
            {
                total += recorded.CostUsd(row)[model];
                target[row] = Math.Log(Math.Max(LowestCostUsd, recorded.CostUsd(row)[model]));
            }

            logCost.Add(ShrunkRidge.Fit(features, target, folds));
            factors.Add(Math.Max(total, LowestCostUsd) / logCost[model].OutOfFold.Sum(Math.Exp));
        }

        return new BenefitRidge { Quality = quality.ToImmutable(), LogCost = logCost.ToImmutable(), CostFactors = factors.ToImmutable() };
    }

    /// <summary>Estimates every row of some features.</summary>
    /// <param name="features">The features.</param>
    /// <returns>q̂ and ĉ.</returns>
    public PriorMatrix EstimateAll(SparseRows features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Matrix(features.RowCount, (ridge, row) => ridge.Predict(features, row));
    }

    /// <summary>Estimates of the training rows by regressions that did not see them: what to choose prices on.</summary>
    /// <returns>q̂ and ĉ.</returns>
    public PriorMatrix OutOfFold() => Matrix(Quality[0].OutOfFold.Length, (ridge, row) => ridge.OutOfFold[row]);

    private const double LowestCostUsd = 1e-12;

    private PriorMatrix Matrix(int rows, Func<ShrunkRidge, int, double> predict)
    {
        var (quality, cost) = (new double[rows * ModelCount], new double[rows * ModelCount]);
        for (var row = 0; row < rows; row++)
        {
            var at = row * ModelCount;
            for (var model = 0; model < ModelCount; model++)
            {
                var value = predict(Quality[model], row);
                quality[at + model] = model == 0 ? value : quality[at + model - 1] + AtLeast(value, Quality[model].Mean);
                cost[at + model] = CostFactors[model] * Math.Exp(predict(LogCost[model], row));
            }

            MoveIntoRange(quality.AsSpan(at, ModelCount));
        }

        return new PriorMatrix(ModelCount, quality, cost);
    }

    private double AtLeast(double benefit, double mean) =>
        LeastBenefit > 0 && mean > 0 && benefit < LeastBenefit ? LeastBenefit * Math.Exp((benefit / LeastBenefit) - 1) : benefit;

    // Cutting each estimate on its own would make models equal that are not; the whole row moves, and differences stay.
    private static void MoveIntoRange(Span<double> quality)
    {
        var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in quality)
        {
            low = Math.Min(low, value);
            high = Math.Max(high, value);
        }

        var shift = high > 1 ? 1 - high : low < 0 ? -low : 0;
        foreach (ref var value in quality)
        {
            value = Math.Clamp(value + shift, 0, 1);
        }
    }
}
