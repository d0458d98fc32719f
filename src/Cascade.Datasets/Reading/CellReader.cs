using System.Globalization;
using Cascade.Datasets.Sources;

namespace Cascade.Datasets.Reading;

/// <summary>The cells of one row as values. Reports what is wrong with them, and remembers that something was.</summary>
internal sealed class CellReader(FileScope scope, ColumnNames columns)
{
    private const double LargestAmount = 1e50;
    private const double LargestSignal = 1e100;

    private SourceRow? _row;

    /// <summary>Whether a problem of the row was reported.</summary>
    public bool HasProblem { get; private set; }

    public long Number => _row!.Number;

    public void Begin(SourceRow row) => (_row, HasProblem) = (row, false);

    public void Problem(string? column, string message)
    {
        HasProblem = true;
        scope.Add(Number, column, message);
    }

    public void Problem(int column, string message) => Problem(columns[column], message);

    /// <summary>The cell as text; null when blank or not mapped.</summary>
    public string? Text(int column)
    {
        var cell = Read(column);
        return cell.Kind == CellKind.Blank ? null : cell.Text;
    }

    /// <summary>The cell as a filter sees it.</summary>
    public string Plain(int column) => column < 0 ? "" : _row![column].Plain;

    /// <summary>A quality as a share of a perfect answer's; NaN when blank.</summary>
    public double Quality(int column, OutcomeMapping mapping)
    {
        var scale = mapping.QualityScale;
        var value = NumberIn(column, "a number", isSignal: false);
        if (value < 0 && value >= mapping.LowestQuality)
        {
            scope.QualitiesRaised++;
            return 0;
        }

        value /= scale;
        if (value is < 0 or > 1)
        {
            Problem(column, $"'{Shown(column)}' is outside 0 to {Show(scale)}; give the share of the answer that is right, or set the scale of quality");
            return double.NaN;
        }

        return value;
    }

    /// <summary>An amount of something, at least 0; NaN when blank.</summary>
    public double Amount(int column, string unit)
    {
        var value = NumberIn(column, $"an amount of {unit}", isSignal: false);
        if (value is < 0 or > LargestAmount)
        {
            Problem(column, $"'{Shown(column)}' is not an amount of {unit}; give a number from 0 to {Show(LargestAmount)}, or nothing when it is unknown");
            return double.NaN;
        }

        return value;
    }

    /// <summary>A signal or a feature: any number within ±1e100, or infinite; NaN when blank or not a number.</summary>
    public double Signal(int column)
    {
        var value = NumberIn(column, "a number", isSignal: true);
        if (double.IsFinite(value) && Math.Abs(value) > LargestSignal)
        {
            Problem(column, $"'{Shown(column)}' is beyond {Show(LargestSignal)}; give a smaller number");
            return double.NaN;
        }

        return value;
    }

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private string Shown(int column) => FileScope.Show(_row![column].Plain);

    private Cell Read(int column)
    {
        if (column < 0)
        {
            return default;
        }

        var cell = _row![column];
        if (cell.Kind == CellKind.Blank)
        {
            scope.Blanks[columns[column]] = scope.Blanks.GetValueOrDefault(columns[column]) + 1;
        }
        else if (cell.Kind == CellKind.Unreadable)
        {
            Problem(column, cell.Text!);
            return default;
        }

        return cell;
    }

    private double NumberIn(int column, string what, bool isSignal)
    {
        var cell = Read(column);
        if (cell.Kind == CellKind.Blank)
        {
            return double.NaN;
        }

        if (cell.Kind == CellKind.Truth)
        {
            return cell.Text == "true" ? 1 : 0;
        }

        var text = cell.Text.AsSpan().Trim();
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && (double.IsFinite(value) || isSignal))
        {
            return value;
        }

        switch (text)
        {
            case var _ when text.Equals("true", StringComparison.OrdinalIgnoreCase):
                return 1;
            case var _ when text.Equals("false", StringComparison.OrdinalIgnoreCase):
                return 0;
            case var _ when isSignal && (text.Equals("inf", StringComparison.OrdinalIgnoreCase) || text.Equals("+inf", StringComparison.OrdinalIgnoreCase)):
                return double.PositiveInfinity;
            case var _ when isSignal && text.Equals("-inf", StringComparison.OrdinalIgnoreCase):
                return double.NegativeInfinity;
            default:
                Problem(column, $"'{Shown(column)}' is not {what}; give a number with a point as decimal sign, or nothing when it is unknown");
                return double.NaN;
        }
    }
}
