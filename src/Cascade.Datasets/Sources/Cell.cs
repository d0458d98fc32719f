namespace Cascade.Datasets.Sources;

/// <summary>What a file has in one row of one column. <c>default</c> is blank.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; of a number, its digits; of what cannot be read, what it is.</param>
internal readonly record struct Cell(CellKind Kind, string? Text)
{
    public static Cell Of(string? text) => string.IsNullOrEmpty(text) ? default : new Cell(CellKind.Text, text);

    public static Cell Unreadable(string message) => new(CellKind.Unreadable, message);

    /// <summary>The cell as the text that filters compare.</summary>
    public string Plain => Kind is CellKind.Blank or CellKind.Unreadable ? "" : Text!;
}

internal enum CellKind
{
    Blank = 0,
    Text = 1,
    Number = 2,
    Truth = 3,
    Unreadable = 4,
}
