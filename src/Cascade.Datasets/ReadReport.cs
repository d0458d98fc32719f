using System.Collections.Immutable;

namespace Cascade.Datasets;

/// <summary>What became of every row that was read.</summary>
public sealed record ReadReport
{
    /// <summary>One per file of outcomes, in order.</summary>
    public required ImmutableArray<FileReport> Files { get; init; }

    /// <summary>The file with the texts of the queries; null when there was none.</summary>
    public FileReport? Texts { get; init; }

    /// <summary>Queries of the table that have no text.</summary>
    public required int QueriesWithoutText { get; init; }

    /// <summary>Queries of the table to which at least one model has no outcome with a cost.</summary>
    public required int IncompleteQueries { get; init; }

    /// <summary>Outcomes of the table by model.</summary>
    public required ImmutableArray<KeyValuePair<string, int>> Outcomes { get; init; }
}

/// <summary>What became of the rows of a file: <c>RowsRead = RowsTaken + RowsFiltered + RowsOfOtherModels</c>.</summary>
public sealed record FileReport
{
    /// <summary>The file's path.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file as it is stored, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes of the file as it is stored.</summary>
    public required long Bytes { get; init; }

    /// <summary>The format that the content showed.</summary>
    public required FileFormat Format { get; init; }

    /// <summary>Whether it was inside gzip.</summary>
    public required bool Compressed { get; init; }

    /// <summary>Rows read, without the header.</summary>
    public required long RowsRead { get; init; }

    /// <summary>Rows taken.</summary>
    public required long RowsTaken { get; init; }

    /// <summary>Rows that a filter kept out; of texts, those of queries that the table does not have.</summary>
    public required long RowsFiltered { get; init; }

    /// <summary>Rows of models that were not asked for.</summary>
    public required long RowsOfOtherModels { get; init; }

    /// <summary>Qualities below 0 that were taken as 0, see <see cref="OutcomeMapping.LowestQuality"/>.</summary>
    public required long QualitiesRaised { get; init; }

    /// <summary>Lines with nothing on them.</summary>
    public required long BlankLines { get; init; }

    /// <summary>Blank cells of the rows taken, by column; only columns that are read and have some.</summary>
    public required ImmutableArray<KeyValuePair<string, long>> Blanks { get; init; }

    /// <summary>Columns that nothing was read from.</summary>
    public required ImmutableArray<string> ColumnsNotRead { get; init; }
}

/// <summary>How rows are written down.</summary>
public enum FileFormat
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Comma-separated values, RFC 4180, with a header.</summary>
    Csv = 1,

    /// <summary>One JSON object per line.</summary>
    JsonLines = 2,

    /// <summary>Apache Parquet.</summary>
    Parquet = 3,
}
