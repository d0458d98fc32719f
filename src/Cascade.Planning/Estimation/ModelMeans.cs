using System.Collections.Immutable;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>Mean quality and mean cost of every model over some rows: what is expected of a query nothing is known of.</summary>
public sealed record ModelMeans
{
    /// <summary>Mean quality of each model, 0 to 1.</summary>
    public required ImmutableArray<double> Quality { get; init; }

    /// <summary>Mean cost of each model in dollars, at least 0.</summary>
    public required ImmutableArray<double> CostUsd { get; init; }

    /// <summary>The means over every row of a table.</summary>
    /// <param name="table">At least one row; every model has an outcome with a cost on every row.</param>
    /// <returns>The means.</returns>
    /// <exception cref="ArgumentException">There is no row, or an outcome or its cost is missing.</exception>
    public static ModelMeans Of(OutcomeTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var check = new ColumnCheck(table.RowCount);
        for (var m = 0; m < table.ModelCount; m++)
        {
            check.Unit(table.Quality(m), $"the quality of '{table.Models[m]}'");
            check.Cost(table.CostUsd(m), $"the cost of '{table.Models[m]}'");
        }

        check.Throw(nameof(table));
        return new ModelMeans { Quality = Means(table.ModelCount, table.Quality), CostUsd = Means(table.ModelCount, table.CostUsd) };
    }

    internal void Fill(Span<double> quality, Span<double> costUsd)
    {
        Quality.AsSpan().CopyTo(quality);
        CostUsd.AsSpan().CopyTo(costUsd);
    }

    /// <summary>What a plan document may hold is checked when it is made executable, not per query.</summary>
    internal void Require(string name)
    {
        var check = new ColumnCheck(Quality.IsDefault ? 0 : Quality.Length);
        if (!Quality.IsDefault)
        {
            check.Unit(Quality.AsSpan(), $"{name}.{nameof(Quality)}");
            check.Cost(CostUsd.IsDefault ? [] : CostUsd.AsSpan(), $"{name}.{nameof(CostUsd)}");
        }

        check.Throw(name);
    }

    private delegate ReadOnlySpan<double> Column(int model);

    private static ImmutableArray<double> Means(int models, Column column)
    {
        var means = new double[models];
        for (var m = 0; m < models; m++)
        {
            var sum = 0.0;
            foreach (var value in column(m))
            {
                sum += value;
            }

            means[m] = sum / column(m).Length;
        }

        return [.. means];
    }
}
