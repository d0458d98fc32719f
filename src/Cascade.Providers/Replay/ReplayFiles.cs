using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace Cascade.Providers.Replay;

/// <summary>Reads the files of a recording, in place.</summary>
internal sealed class ReplayFiles(string directory, ReplayRecording recording)
{
    public ReplayRecording Recording => recording;

    public IReadOnlyList<ReplayQuestion> Questions() => Open(recording.QueriesFile, reader => Lines(reader)
        .Where(line => Text(line, "dataset") == recording.DataSet)
        .Select(Question)
        .ToArray());

    /// <summary>All graded outcomes of the recording.</summary>
    public IReadOnlyList<Outcome> Outcomes() => Open(recording.OutcomesFile, reader =>
    {
        using var rows = CsvRows.Read(reader).GetEnumerator();
        var header = rows.MoveNext() ? rows.Current : throw Broken(recording.OutcomesFile, null);
        int[] columns = [.. Columns.Select(column => header.IndexOf(column))];
        if (columns.Contains(-1))
            throw Broken(recording.OutcomesFile, null);

        var outcomes = new List<Outcome>();
        while (rows.MoveNext())
        {
            if (rows.Current[columns[1]] == recording.DataSet)
                outcomes.Add(OutcomeOf(rows.Current, columns));
        }

        return outcomes;
    });

    /// <summary>The texts that one model answered, by question.</summary>
    public IReadOnlyDictionary<string, string> Responses(string model) => Open(recording.ResponsesFile, reader => Lines(reader)
        .Where(line => Text(line, "model") == model)
        .ToDictionary(line => Text(line, "query_id"), line => Text(line, "response")));

    private static readonly string[] Columns = ["query_id", "dataset", "model", "correct", "input_tokens", "output_tokens"];

    private static Outcome OutcomeOf(List<string> row, int[] columns) => new(
        row[columns[0]], row[columns[2]], Number(row[columns[3]]) == 1, Number(row[columns[4]]), Number(row[columns[5]]));

    // Converted files have whole numbers as "69" or "69.0"; what was not recorded is blank.
    private static long? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (long)number : null;

    private static ReplayQuestion Question(JsonElement line)
    {
        var text = Text(line, "question");
        return new ReplayQuestion
        {
            Id = Text(line, "query_id"),
            Text = text,
            ReferenceAnswer = Text(line, "reference").TrimStart('#', ' ').Replace(",", "", StringComparison.Ordinal).Trim(),
            Prompt = line.TryGetProperty("prompt", out var prompt) ? prompt.GetString() ?? text : text,
        };
    }

    private static string Text(JsonElement line, string name) => line.GetProperty(name).GetString() ?? "";

    private static IEnumerable<JsonElement> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement;
        }
    }

    private T Open<T>(string file, Func<TextReader, T> read)
    {
        if (recording.MissingFile(directory) is { } missing)
        {
            throw new ReplayDataException(
                $"The recording {recording.Name} is not there (missing: {missing}). Set the environment variable {ReplayDirectory.Variable}, "
                + "or Replay:DataDirectory of the endpoint, to the folder with the recordings.");
        }

        try
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(directory, file)), CompressionMode.Decompress));
            return read(reader);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or JsonException or KeyNotFoundException
            or UnauthorizedAccessException or ArgumentException)
        {
            throw Broken(file, exception);
        }
    }

    private ReplayDataException Broken(string file, Exception? cause) => new(
        $"The file {file} of the recording {recording.Name} cannot be read as one; fetch it again into the folder that {ReplayDirectory.Variable} names.",
        cause);
}

/// <summary>How one recorded answer was graded and metered; token counts are null when they were not recorded.</summary>
internal readonly record struct Outcome(string QuestionId, string Model, bool Correct, long? InputTokens, long? OutputTokens);
