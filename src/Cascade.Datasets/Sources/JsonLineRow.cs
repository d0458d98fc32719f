using System.Text.Json;

namespace Cascade.Datasets.Sources;

/// <summary>A JSON object as cells: members of nested objects are columns named <c>outer.inner</c>, null is blank.</summary>
internal sealed class JsonLineRow(ColumnNames columns, Action<string> addColumn, int maxDepth) : SourceRow
{
    private Cell[] _cells = new Cell[16];
    private long[] _filledBy = new long[16];

    public override Cell this[int column] => column < _cells.Length && _filledBy[column] == Number ? _cells[column] : default;

    /// <summary>Reads a line.</summary>
    /// <returns>What is wrong with it; null when nothing.</returns>
    public string? Read(long number, ReadOnlySpan<byte> line)
    {
        Number = number;
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = maxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return "is not a JSON object; write one object per line";
            }

            var problem = ReadObject(ref reader, "");
            if (problem is null && reader.Read())
            {
                return "goes on after the object; write one object per line";
            }

            return problem;
        }
        catch (JsonException exception)
        {
            return $"is not JSON at byte {exception.BytePositionInLine + 1}, or nested more than {maxDepth} deep; write one object per line";
        }
        catch (InvalidOperationException)
        {
            return "has text that is not Unicode; save the file as UTF-8";
        }
    }

    private string? ReadObject(ref Utf8JsonReader reader, string prefix)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = prefix + reader.GetString();
            reader.Read();
            var problem = reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader, name + ".") : ReadValue(ref reader, name);
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private string? ReadValue(ref Utf8JsonReader reader, string name)
    {
        var column = columns.Find(name);
        if (column < 0)
        {
            addColumn(name);
            column = columns.Count - 1;
        }

        if (column >= _cells.Length)
        {
            Array.Resize(ref _cells, column * 2);
            Array.Resize(ref _filledBy, column * 2);
        }

        if (_filledBy[column] == Number)
        {
            return $"has two values '{FileScope.Show(name)}'; keep one";
        }

        _filledBy[column] = Number;
        _cells[column] = CellOf(ref reader);
        return null;
    }

    private static Cell CellOf(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Cell.Of(reader.GetString());
            case JsonTokenType.Number:
                return new Cell(CellKind.Number, System.Text.Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.True or JsonTokenType.False:
                return new Cell(CellKind.Truth, reader.TokenType == JsonTokenType.True ? "true" : "false");
            case JsonTokenType.StartArray:
                reader.Skip();
                return Cell.Unreadable("is a list; give one value");
            default:
                return default;
        }
    }
}
