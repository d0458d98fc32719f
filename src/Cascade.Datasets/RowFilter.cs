using System.Collections.Immutable;

namespace Cascade.Datasets;

/// <summary>Takes the rows whose cell has one of some values, or, turned round, none of them. A blank cell has the value "".</summary>
/// <param name="Column">The column; it must exist.</param>
/// <param name="Values">The values, at least one; compared as text, exactly.</param>
/// <param name="Excludes">Whether rows with one of the values are left out instead of taken.</param>
public sealed record RowFilter(string Column, ImmutableArray<string> Values, bool Excludes = false)
{
    /// <summary>Reads a filter from text: <c>dataset=mmlu</c>, <c>model=small|large</c>, <c>split!=train</c>.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The filter.</returns>
    /// <exception cref="FormatException">The text has no column or no equals sign.</exception>
    public static RowFilter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var excludes = equals > 0 && text[equals - 1] == '!';
        var column = equals < 0 ? "" : text[..(excludes ? equals - 1 : equals)];
        return column.Length > 0
            ? new RowFilter(column, [.. text[(equals + 1)..].Split('|')], excludes)
            : throw new FormatException($"'{text}' is not a filter; write COLUMN=VALUE, COLUMN=VALUE|VALUE or COLUMN!=VALUE");
    }

    /// <inheritdoc />
    public override string ToString() => $"{Column}{(Excludes ? "!=" : "=")}{string.Join('|', Values)}";

    internal bool Passes(string cell) => Values.Contains(cell, StringComparer.Ordinal) != Excludes;
}
