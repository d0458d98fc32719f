using System.Collections.Immutable;

namespace Cascade.Planning.Outcomes;

/// <summary>The outcomes of one model, a value per row; NaN where nothing was recorded.</summary>
internal sealed record ModelColumns
{
    public required double[] Quality { get; init; }

    public required double[] CostUsd { get; init; }

    public required double[] JudgeCostUsd { get; init; }

    public required double[] InputTokens { get; init; }

    public required double[] OutputTokens { get; init; }

    public required double[] LatencySeconds { get; init; }

    public required ImmutableArray<double[]> Signals { get; init; }

    public static ModelColumns Empty(int rows, int signals) => new()
    {
        Quality = Unknown(rows),
        CostUsd = Unknown(rows),
        JudgeCostUsd = new double[rows],
        InputTokens = Unknown(rows),
        OutputTokens = Unknown(rows),
        LatencySeconds = Unknown(rows),
        Signals = [.. Enumerable.Range(0, signals).Select(_ => Unknown(rows))],
    };

    public static double[] Unknown(int rows)
    {
        var column = new double[rows];
        Array.Fill(column, double.NaN);
        return column;
    }

    public static double[] Pick(double[] column, IReadOnlyList<int> rows)
    {
        var picked = new double[rows.Count];
        for (var i = 0; i < picked.Length; i++)
        {
            picked[i] = column[rows[i]];
        }

        return picked;
    }

    public ModelColumns Select(IReadOnlyList<int> rows) => new()
    {
        Quality = Pick(Quality, rows),
        CostUsd = Pick(CostUsd, rows),
        JudgeCostUsd = Pick(JudgeCostUsd, rows),
        InputTokens = Pick(InputTokens, rows),
        OutputTokens = Pick(OutputTokens, rows),
        LatencySeconds = Pick(LatencySeconds, rows),
        Signals = [.. Signals.Select(s => Pick(s, rows))],
    };
}
