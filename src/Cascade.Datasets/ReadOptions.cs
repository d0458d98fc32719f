namespace Cascade.Datasets;

/// <summary>Limits of reading. A file that exceeds one is a problem that says which.</summary>
public sealed record ReadOptions
{
    /// <summary>Most bytes of a CSV record or of a JSON line, line breaks included.</summary>
    /// <value>Default: 8 MiB.</value>
    public int MaxRecordBytes { get; init; } = 8 << 20;

    /// <summary>Most rows of all files together, those that are filtered out included.</summary>
    /// <value>Default: 10 million.</value>
    public long MaxRows { get; init; } = 10_000_000;

    /// <summary>Most columns of a file; of JSON lines, most different names of values.</summary>
    /// <value>Default: 4,096.</value>
    public int MaxColumns { get; init; } = 4096;

    /// <summary>Deepest nesting of a JSON line.</summary>
    /// <value>Default: 16.</value>
    public int MaxDepth { get; init; } = 16;

    /// <summary>Most bytes of a file after decompression.</summary>
    /// <value>Default: 16 GiB.</value>
    public long MaxFileBytes { get; init; } = 16L << 30;

    /// <summary>
    /// Most bytes held at once of a Parquet file: of the columns of one row group that are read, and of the whole file when it is compressed with
    /// gzip besides. What a column takes is what the file states of it, and what was counted after each column.
    /// </summary>
    /// <value>Default: 1 GiB.</value>
    public long MaxHeldBytes { get; init; } = 1L << 30;

    /// <summary>Most numbers of the resulting table: queries × (models × (6 + signals) + features). Counted while reading, which holds a few times as much.</summary>
    /// <value>Default: 250 million, 2 GB of memory when they are in the table.</value>
    public long MaxTableValues { get; init; } = 250_000_000;

    /// <summary>Most bytes of what is kept of ids, texts, answers and names: two per character and 24 per string.</summary>
    /// <value>Default: 1 GiB.</value>
    public long MaxTextBytes { get; init; } = 1L << 30;

    /// <summary>Most problems that are described; further ones are counted.</summary>
    /// <value>Default: 100.</value>
    public int MaxProblems { get; init; } = 100;

    /// <summary>Told after every few thousand rows; null for nobody.</summary>
    public IProgress<ReadProgress>? Progress { get; init; }
}

/// <summary>How far reading has come.</summary>
/// <param name="File">The file that is being read.</param>
/// <param name="BytesRead">Bytes of it that were read, as stored.</param>
/// <param name="BytesTotal">Bytes that it has.</param>
/// <param name="Rows">Rows of all files so far.</param>
public readonly record struct ReadProgress(string File, long BytesRead, long BytesTotal, long Rows);
