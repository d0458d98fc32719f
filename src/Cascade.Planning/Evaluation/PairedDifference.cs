namespace Cascade.Planning.Evaluation;

/// <summary>How much one strategy delivers above another at a budget, on the same queries.</summary>
public sealed record PairedDifference
{
    /// <summary>The budget in dollars per request.</summary>
    public required double BudgetUsd { get; init; }

    /// <summary>Mean quality of the one less that of the other.</summary>
    public required double Quality { get; init; }

    /// <summary>Its confidence interval by a bootstrap over queries, in which both are drawn together.</summary>
    public required Interval QualityInterval { get; init; }

    /// <summary>Mean cost of the one less that of the other, in dollars.</summary>
    public required double CostUsd { get; init; }

    /// <summary>λ in quality per dollar: the shadow price of the budget on the rows to choose on, over all strategies together.</summary>
    public required double QualityPerUsd { get; init; }

    /// <summary>
    /// The difference at equal cost: mean of quality less λ times cost. Two strategies seldom spend the same on rows that did not choose them, and
    /// the one that overspends would look better by what its money buys.
    /// </summary>
    public required double Value { get; init; }

    /// <summary>Its confidence interval.</summary>
    public required Interval ValueInterval { get; init; }

    /// <summary>Whether the one is better at equal cost: the interval lies above 0.</summary>
    public bool IsBetter => ValueInterval.Low > 0;

    /// <summary>Whether the one is worse at equal cost: the interval lies below 0.</summary>
    public bool IsWorse => ValueInterval.High < 0;

    internal static PairedDifference Of(double budgetUsd, double price, MixedRows one, MixedRows other, Bootstrap bootstrap, double level)
    {
        var (quality, value) = (new double[one.Quality.Length], new double[one.Quality.Length]);
        for (var row = 0; row < quality.Length; row++)
        {
            quality[row] = one.Quality[row] - other.Quality[row];
            value[row] = one.Value[row] - other.Value[row];
        }

        return new PairedDifference
        {
            BudgetUsd = budgetUsd,
            QualityPerUsd = price,
            Quality = quality.Average(),
            QualityInterval = bootstrap.Of(quality, level),
            CostUsd = one.CostUsd.Average() - other.CostUsd.Average(),
            Value = value.Average(),
            ValueInterval = bootstrap.Of(value, level),
        };
    }
}
