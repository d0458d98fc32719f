using System.Collections.Immutable;

namespace Cascade.Datasets;

/// <summary>Where recorded outcomes come from, and what of them to take.</summary>
public sealed record OutcomeSource
{
    /// <summary>The files, at least one; a query's outcomes may be spread over several.</summary>
    public required ImmutableArray<OutcomeFile> Files { get; init; }

    /// <summary>Which column is what; by default the documented names.</summary>
    public OutcomeMapping Mapping { get; init; } = OutcomeMapping.Default;

    /// <summary>A row is taken iff it passes all of these.</summary>
    public ImmutableArray<RowFilter> Filters { get; init; } = [];

    /// <summary>The models to take; empty takes all. A model that has no outcome is a problem.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>A file with the texts of the queries; null when the outcomes have them, or nobody does.</summary>
    public QueryTexts? Texts { get; init; }

    /// <summary>What a call costs where the row does not say, by model.</summary>
    public ImmutableDictionary<string, ModelPrice> Prices { get; init; } = ImmutableDictionary<string, ModelPrice>.Empty;

    /// <summary>What judging an answer costs in dollars where the row does not say, by model, at least 0; 0 for models that are not named.</summary>
    public ImmutableDictionary<string, double> JudgeCosts { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>A signal that is the agreement with another model's answer; null for none.</summary>
    public AgreementSignal? Agreement { get; init; }

    /// <summary>What separates the cells of CSV files.</summary>
    /// <value>Default: a comma. Not a quote or a line break.</value>
    public char Separator { get; init; } = ',';

    /// <summary>A source of files with the documented columns.</summary>
    /// <param name="paths">The files.</param>
    /// <returns>The source.</returns>
    public static OutcomeSource Of(params IEnumerable<string> paths) => new() { Files = [.. paths.Select(path => new OutcomeFile(path))] };
}

/// <summary>A file of outcomes: CSV, JSON lines or Parquet, each also inside gzip. The content says which, not the name.</summary>
/// <param name="Path">The path.</param>
public sealed record OutcomeFile(string Path)
{
    /// <summary>The published split of every query of the file whose row does not say; null when there is none.</summary>
    public string? Split { get; init; }

    /// <summary>The task of every query of the file whose row does not say; null when unknown.</summary>
    public string? Task { get; init; }
}

/// <summary>A file with the texts of queries, joined by id.</summary>
/// <param name="Path">The path; the formats are those of <see cref="OutcomeFile"/>.</param>
public sealed record QueryTexts(string Path)
{
    /// <summary>The column with the query's id.</summary>
    public string IdColumn { get; init; } = OutcomeMapping.DefaultQueryId;

    /// <summary>The column with the text.</summary>
    public string TextColumn { get; init; } = OutcomeMapping.DefaultText;
}

/// <summary>What a call costs when nobody recorded it.</summary>
/// <param name="UsdPerCall">Dollars per call, at least 0.</param>
/// <param name="UsdPerMillionInputTokens">Dollars per million input tokens, at least 0; above 0 needs the tokens.</param>
/// <param name="UsdPerMillionOutputTokens">Dollars per million output tokens, at least 0; above 0 needs the tokens.</param>
public sealed record ModelPrice(double UsdPerCall, double UsdPerMillionInputTokens = 0, double UsdPerMillionOutputTokens = 0)
{
    internal double Of(double inputTokens, double outputTokens) =>
        UsdPerCall + Part(UsdPerMillionInputTokens, inputTokens) + Part(UsdPerMillionOutputTokens, outputTokens);

    private static double Part(double usdPerMillion, double tokens) => usdPerMillion == 0 ? 0 : usdPerMillion * tokens / 1e6;
}
