namespace Cascade.Planning;

/// <summary>Checks columns of numbers and names every column that is wrong at once.</summary>
internal ref struct ColumnCheck(int rows)
{
    /// <summary>Beyond it, sums and products of columns could overflow.</summary>
    public const double Largest = 1e100;

    /// <summary>Costs are added up along a chain and over rows; the sums have to stay within <see cref="Largest"/>.</summary>
    public const double LargestCost = 1e50;

    private List<string>? _problems;

    public void Length(int length, string name)
    {
        if (length != rows)
        {
            Add($"{name} has {length} values where {rows} are needed; give one per row");
        }
    }

    public void Range(ReadOnlySpan<double> column, string name, double low, double high)
    {
        Length(column.Length, name);
        var bad = 0;
        var first = -1;
        for (var i = 0; i < column.Length; i++)
        {
            if (!double.IsFinite(column[i]) || column[i] < low || column[i] > high)
            {
                first = first < 0 ? i : first;
                bad++;
            }
        }

        if (bad > 0)
        {
            Add($"{name}[{first}] is {column[first]}{Others(bad - 1)}; give a number from {low} to {high}");
        }
    }

    public void Unit(ReadOnlySpan<double> column, string name) => Range(column, name, 0, 1);

    public void Cost(ReadOnlySpan<double> column, string name) => Range(column, name, 0, LargestCost);

    public void Finite(ReadOnlySpan<double> column, string name) => Range(column, name, -Largest, Largest);

    public void Positive(ReadOnlySpan<double> column, string name) => Range(column, name, 1 / Largest, Largest);

    public readonly void Throw(string parameter)
    {
        if (rows == 0)
        {
            throw new ArgumentException("there is no row; give at least one", parameter);
        }

        if (_problems is not null)
        {
            throw new ArgumentException(string.Join("; ", _problems), parameter);
        }
    }

    private static string Others(int count) => count == 0 ? "" : $" (and {count} more rows are wrong)";

    private void Add(string problem) => (_problems ??= []).Add(problem);
}
