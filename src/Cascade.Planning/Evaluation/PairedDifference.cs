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

    /// <summary>Whether the interval lies above 0.</summary>
    public bool IsBetter => QualityInterval.Low > 0;

    /// <summary>Whether the interval lies below 0.</summary>
    public bool IsWorse => QualityInterval.High < 0;

    internal static PairedDifference Of(double budgetUsd, MixedRows one, MixedRows other, Bootstrap bootstrap, double level)
    {
        var difference = new double[one.Quality.Length];
        var cost = 0.0;
        for (var row = 0; row < difference.Length; row++)
        {
            difference[row] = one.Quality[row] - other.Quality[row];
            cost += one.CostUsd[row] - other.CostUsd[row];
        }

        return new PairedDifference
        {
            BudgetUsd = budgetUsd,
            Quality = difference.Average(),
            QualityInterval = bootstrap.Of(difference, level),
            CostUsd = cost / difference.Length,
        };
    }
}
