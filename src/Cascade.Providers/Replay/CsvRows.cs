using System.Text;

namespace Cascade.Providers.Replay;

/// <summary>Reads comma-separated rows; quoted fields may hold commas, quotes and line breaks (RFC 4180).</summary>
internal static class CsvRows
{
    public static IEnumerable<List<string>> Read(TextReader reader)
    {
        var row = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        while (reader.Read() is var next and >= 0)
        {
            var letter = (char)next;
            if (quoted && letter == '"' && reader.Peek() == '"')
                field.Append((char)reader.Read());
            else if (letter == '"')
                quoted = !quoted;
            else if (quoted || letter is not (',' or '\r' or '\n'))
                field.Append(letter);
            else if (letter != '\r')
            {
                row.Add(field.ToString());
                field.Clear();
                if (letter == '\n')
                {
                    yield return row;
                    row = [];
                }
            }
        }

        if (row.Count == 0 && field.Length == 0)
            yield break;
        row.Add(field.ToString());
        yield return row;
    }
}
