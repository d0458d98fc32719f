using Cascade.Planning.Estimation;
using Cascade.Planning.Features;
using Cascade.Planning.Outcomes;

namespace Cascade.Tests.Planning.Pacing;

/// <summary>What prompts say before any model runs: hashed words and pairs of words, and the shape of the text. The task's name is not used.</summary>
internal static class PromptFeatures
{
    /// <summary>Takes the scales of the shape from the rows that estimates are fitted on.</summary>
    public static HashedTextFeatures FitTo(OutcomeTable table) => new(new FeatureSpec { Buckets = 1 << 14, TaskWeight = 0 }.FitTo(table));

    public static SparseRows Of(this HashedTextFeatures features, OutcomeTable table)
    {
        var rows = new SparseRows(features.Dimension);
        var (indexes, values) = (new int[features.MaxEntries], new double[features.MaxEntries]);
        for (var row = 0; row < table.RowCount; row++)
        {
            var count = features.Extract(QueryFacts.Of(table, row), indexes, values);
            rows.Add(indexes.AsSpan(0, count), values.AsSpan(0, count));
        }

        return rows;
    }
}
