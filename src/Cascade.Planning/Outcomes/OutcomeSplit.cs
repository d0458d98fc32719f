using System.Collections.Immutable;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Outcomes;

/// <summary>
/// Rows set apart for three purposes: estimators and thresholds are fitted on <see cref="Fit"/>, policies are chosen on <see cref="Choose"/>, and
/// results are reported on <see cref="Report"/>, which no choice has seen. Deterministic: a query's place depends on its text and the salt alone,
/// so that rows can be added without moving others, and copies of a question stay together.
/// </summary>
/// <param name="Fit">Rows to fit on, ascending.</param>
/// <param name="Choose">Rows to choose on, ascending.</param>
/// <param name="Report">Rows to report on, ascending.</param>
public sealed record OutcomeSplit(ImmutableArray<int> Fit, ImmutableArray<int> Choose, ImmutableArray<int> Report)
{
    /// <summary>Splits a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="fitShare">Share of queries to fit on, above 0.</param>
    /// <param name="chooseShare">Share of queries to choose on, above 0; the two shares leave something to report on.</param>
    /// <param name="salt">Names the split; another salt is another split.</param>
    /// <returns>The split; a part may be empty when the table is small.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share is not above 0, or the two leave nothing.</exception>
    public static OutcomeSplit Of(OutcomeTable table, double fitShare, double chooseShare, string salt)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(salt);
        if (!(fitShare > 0) || !(chooseShare > 0) || !(fitShare + chooseShare < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(fitShare), $"{fitShare} and {chooseShare}", "give two shares above 0 that leave something to report on, for example 0.4 and 0.3");
        }

        var parts = new List<int>[] { [], [], [] };
        for (var row = 0; row < table.RowCount; row++)
        {
            var query = table.Queries[row];
            var place = StableMix.Unit(query.Text ?? query.Id, salt);
            parts[place < fitShare ? 0 : place < fitShare + chooseShare ? 1 : 2].Add(row);
        }

        return new OutcomeSplit([.. parts[0]], [.. parts[1]], [.. parts[2]]);
    }
}
