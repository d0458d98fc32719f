using System.Globalization;

namespace Cascade.Cli.Ledgers;

/// <summary>Writes rows of an export one after another; holds at most one group of them.</summary>
internal abstract class ExportWriter : IAsyncDisposable
{
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="stream">Where to; stays open.</param>
    public static ExportWriter Of(string format, Stream stream) => format switch
    {
        "csv" => new CsvWriter(stream),
        "jsonl" => new JsonlWriter(stream),
        "parquet" => new ParquetExportWriter(stream),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "no such format"),
    };

    public static IReadOnlyList<string> Formats { get; } = ["csv", "jsonl", "parquet"];

    public abstract Task WriteAsync(ExportRow row, CancellationToken cancellationToken);

    /// <summary>Writes what is held and the end of the file. Without it the file is not whole.</summary>
    public abstract Task FinishAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected static string Format(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
