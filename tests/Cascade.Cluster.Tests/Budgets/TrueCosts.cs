using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Microsoft.VisualBasic.FileIO;

namespace Cascade.Cluster.Tests.Budgets;

/// <summary>How long answers really are: recorded of real models where the recordings are, else drawn from a long-tailed distribution.</summary>
internal sealed record TrueCosts(string Source, ImmutableArray<int> OutputTokens)
{
    private const string File = "zeroeval.csv.gz";

    public static TrueCosts Load(int count, int seed)
    {
        var draw = new Random(seed);
        var recorded = Folder() is { } folder ? Read(Path.Combine(folder, File)) : [];
        return recorded.Count > 0
            ? new TrueCosts($"{recorded.Count} recorded answers", [.. Enumerable.Range(0, count).Select(_ => recorded[draw.Next(recorded.Count)])])
            : new TrueCosts("drawn, no recordings here: set CASCADE_DATA", [.. Enumerable.Range(0, count).Select(_ => Draw(draw))]);
    }

    /// <summary>A median of 150 tokens; one of a hundred is more than 1,000.</summary>
    private static int Draw(Random draw)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - draw.NextDouble())) * Math.Cos(2 * Math.PI * draw.NextDouble());
        return (int)Math.Clamp(150 * Math.Exp(0.82 * normal), 1, 8_000);
    }

    private static string? Folder()
    {
        var configured = Environment.GetEnvironmentVariable("CASCADE_DATA");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); configured is null && at is not null; at = at.Parent)
        {
            configured = System.IO.File.Exists(Path.Combine(at.FullName, "Cascade.Cluster.sln")) ? Path.Combine(at.FullName, "..", "shared", "data") : null;
        }

        return configured is not null && System.IO.File.Exists(Path.Combine(configured, File)) ? configured : null;
    }

    private static List<int> Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress));
        using var csv = new TextFieldParser(reader) { Delimiters = [","], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        var header = csv.ReadFields()!.ToList();
        var (model, tokens) = (header.IndexOf("model"), header.IndexOf("output_tokens"));
        var lengths = new List<int>();
        while (csv.ReadFields() is { } row)
        {
            if (row[model].StartsWith("gpt-4o", StringComparison.Ordinal) && int.Parse(row[tokens], CultureInfo.InvariantCulture) is > 0 and var length)
                lengths.Add(length);
        }

        return lengths;
    }
}
