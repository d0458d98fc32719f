using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.VisualBasic.FileIO;
using Xunit;

namespace Cascade.Tests.Verification;

/// <summary>One recorded answer with what was recorded about it.</summary>
public sealed record RecordedAnswer(
    string QueryId, string Model, bool Correct, string Answer, int EquationsWrong, string Question, string Reference, string Response);

/// <summary>Recorded outcomes of real models, read where CASCADE_DATA points to.</summary>
internal static class RecordedData
{
    internal static string? Directory
    {
        get
        {
            var configured = Environment.GetEnvironmentVariable("CASCADE_DATA");
            if (configured is not null)
            {
                return configured;
            }

            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                var beside = Path.Combine(at.FullName, "..", "shared", "data");
                if (File.Exists(Path.Combine(at.FullName, "Cascade.Cluster.sln")))
                {
                    return beside;
                }
            }

            return null;
        }
    }

    internal static void SkipUnlessPresent(params string[] files) => Assert.SkipUnless(
        Directory is { } d && files.All(f => File.Exists(Path.Combine(d, f))),
        $"needs the recorded outcomes {string.Join(", ", files)}; set CASCADE_DATA to the directory that holds them");

    internal static IReadOnlyList<RecordedAnswer> ZeroEvalGsm()
    {
        SkipUnlessPresent("zeroeval.csv.gz", "zeroeval_queries.jsonl.gz", "zeroeval_gsm_responses.jsonl.gz");
        var queries = Lines("zeroeval_queries.jsonl.gz").ToDictionary(q => Text(q, "query_id"));
        var responses = Lines("zeroeval_gsm_responses.jsonl.gz").ToDictionary(r => (Text(r, "query_id"), Text(r, "model")), r => Text(r, "response"));
        var rows = new List<RecordedAnswer>();
        using var reader = new StreamReader(Open("zeroeval.csv.gz"));
        using var csv = new TextFieldParser(reader) { Delimiters = [","], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        var header = csv.ReadFields()!.Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i);
        while (csv.ReadFields() is { } row)
        {
            var id = row[header["query_id"]];
            var model = row[header["model"]];
            if (row[header["dataset"]] == "gsm" && responses.TryGetValue((id, model), out var response))
            {
                rows.Add(new RecordedAnswer(
                    id, model, row[header["correct"]] == "1", row[header["answer"]],
                    int.Parse(row[header["eq_wrong"]], CultureInfo.InvariantCulture),
                    Text(queries[id], "question"), Text(queries[id], "reference").TrimStart('#', ' '), response));
            }
        }

        return rows;
    }

    private static string Text(JsonElement element, string key) => element.GetProperty(key).GetString()!;

    private static GZipStream Open(string file) => new(File.OpenRead(Path.Combine(Directory!, file)), CompressionMode.Decompress);

    private static IEnumerable<JsonElement> Lines(string file)
    {
        using var reader = new StreamReader(Open(file));
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }
}
