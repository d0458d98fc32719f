using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Cascade.Providers.Pricing;

/// <summary>Reads price books. Keep in sync with docs/formats/prices.md.</summary>
public static class PriceBookReader
{
    /// <summary>The most that one file may hold.</summary>
    internal const int LargestFileBytes = 4 * 1024 * 1024;

    /// <summary>Reads the files of one book and reports everything that is wrong with any of them.</summary>
    /// <param name="files">Paths of YAML or JSON files.</param>
    /// <returns>The book, or the problems.</returns>
    public static PriceBookReading ReadFiles(IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var problems = new List<string>();
        var texts = new List<(string Name, string Text)>();
        foreach (var file in files)
        {
            if (Load(file, problems) is { } text)
                texts.Add((file, text));
        }

        return Read(texts, problems);
    }

    /// <summary>Reads the texts of one book and reports everything that is wrong with any of them.</summary>
    /// <param name="texts">Names and contents of YAML or JSON documents.</param>
    /// <returns>The book, or the problems.</returns>
    public static PriceBookReading Read(params IEnumerable<(string Name, string Text)> texts) => Read([.. texts], []);

    internal static string? Load(string file, List<string> problems)
    {
        try
        {
            if (new FileInfo(file).Length <= LargestFileBytes)
                return File.ReadAllText(file);
            problems.Add($"{file}: is larger than {LargestFileBytes} bytes; split it into several files");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problems.Add($"{file}: cannot be read ({unreadable.GetType().Name}); correct the path or its permissions");
        }

        return null;
    }

    internal static string Fingerprint(IEnumerable<(string Name, string Text)> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, text) in texts)
        {
            // No UTF-8 text holds this byte, so no two lists of texts run together alike.
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0xff]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static PriceBookReading Read(List<(string Name, string Text)> texts, List<string> problems)
    {
        var entries = texts.SelectMany(text => PriceFileReader.Read(text.Name, text.Text, problems)).ToList();
        var schedules = new Dictionary<string, PriceSchedule>(StringComparer.Ordinal);
        foreach (var group in entries.GroupBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var steps = group.OrderBy(entry => entry.From).ToArray();
            for (var i = 1; i < steps.Length; i++)
            {
                if (steps[i].From == steps[i - 1].From)
                    problems.Add($"{steps[i].Place}: '{group.Key}' has other prices from the same moment at {steps[i - 1].Place}; remove one, or give it another 'from'");
            }

            if (problems.Count == 0)
                schedules[group.Key] = new PriceSchedule([.. steps.Select(step => new PriceStep(step.From, step.Prices with { Label = Label(step) }))]);
        }

        return problems.Count == 0 ? new PriceBookReading(new PriceBook(schedules, Fingerprint(texts)), []) : new PriceBookReading(null, [.. problems]);
    }

    private static string Label(PriceFileEntry entry) => entry.From == DateTimeOffset.MinValue
        ? entry.Key
        : $"{entry.Key} from {entry.From.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}";
}
