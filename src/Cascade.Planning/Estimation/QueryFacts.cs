using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>What is known of a query before any model runs.</summary>
public readonly ref struct QueryFacts
{
    /// <summary>The query's text; empty when unknown.</summary>
    public ReadOnlySpan<char> Text { get; init; }

    /// <summary>The kind of task; null when unknown.</summary>
    public string? Task { get; init; }

    /// <summary>Input tokens; NaN when unknown.</summary>
    public double InputTokens { get; init; }

    /// <summary>Numeric features by the order of the table they were trained on; NaN where unknown, empty when there are none.</summary>
    public ReadOnlySpan<double> Features { get; init; }

    /// <summary>The facts of a row. Input tokens are the first model's, as tokenizers differ little in what they say of a query's length.</summary>
    /// <param name="table">The table.</param>
    /// <param name="row">The row.</param>
    /// <returns>The facts.</returns>
    /// <exception cref="ArgumentException">The table has no model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The table has no such row.</exception>
    public static QueryFacts Of(OutcomeTable table, int row)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.ModelCount == 0)
        {
            throw new ArgumentException("has no model; add the outcomes of one", nameof(table));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, table.RowCount);
        var features = new double[table.Features.Length];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = table.Feature(i)[row];
        }

        var query = table.Queries[row];
        return new QueryFacts
        {
            Text = query.Text,
            Task = query.Task,
            InputTokens = table.HidesInputTokens ? double.NaN : table.InputTokens(0)[row],
            Features = features,
        };
    }
}
