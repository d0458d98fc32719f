using System.Globalization;

namespace Cascade.Datasets;

/// <summary>What is wrong with a file, where, and what to do about it.</summary>
public sealed record FileProblem
{
    /// <summary>The file's name.</summary>
    public required string File { get; init; }

    /// <summary>The line, from 1, on which the row begins; null when the problem is not of one line, or the format has no lines.</summary>
    public long? Line { get; init; }

    /// <summary>The row, from 1, of a format without lines; null otherwise.</summary>
    public long? Row { get; init; }

    /// <summary>The column's name; null when the problem is not of one column.</summary>
    public string? Column { get; init; }

    /// <summary>What is wrong with the value, and the repair.</summary>
    public required string Message { get; init; }

    /// <inheritdoc />
    public override string ToString()
    {
        var place = Line is { } line ? $", line {line.ToString(CultureInfo.InvariantCulture)}"
            : Row is { } row ? $", row {row.ToString(CultureInfo.InvariantCulture)}" : "";
        return $"{File}{place}{(Column is null ? "" : $", column '{Column}'")}: {Message}";
    }
}
