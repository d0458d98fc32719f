using System.Collections.Immutable;

namespace Cascade.Planning.Outcomes;

/// <summary>
/// Recorded outcomes of models on the same queries: one row per query, one column block per model. Immutable; built by
/// <see cref="OutcomeTableBuilder"/>.
/// </summary>
/// <remarks>A value that was not recorded is NaN. A model's outcome on a query exists iff its quality is a number.</remarks>
public sealed class OutcomeTable
{
    private readonly ImmutableArray<ModelColumns> _columns;
    private readonly ImmutableArray<double[]> _features;

    internal OutcomeTable(
        ImmutableArray<OutcomeQuery> queries,
        ImmutableArray<string> models,
        ImmutableArray<string> signals,
        ImmutableArray<string> features,
        ImmutableArray<ModelColumns> columns,
        ImmutableArray<double[]> featureColumns,
        bool hidesInputTokens = false)
    {
        HidesInputTokens = hidesInputTokens;
        (Queries, Models, Signals, Features) = (queries, models, signals, features);
        (_columns, _features) = (columns, featureColumns);
    }

    /// <summary>The queries, one per row.</summary>
    public ImmutableArray<OutcomeQuery> Queries { get; }

    /// <summary>The names of the models.</summary>
    public ImmutableArray<string> Models { get; }

    /// <summary>The names of the confidence signals that any model has.</summary>
    public ImmutableArray<string> Signals { get; }

    /// <summary>The names of the numeric features of the queries.</summary>
    public ImmutableArray<string> Features { get; }

    /// <summary>Whether estimates before a call may not use input tokens; scores of answers may, as a call that was made has counted them.</summary>
    internal bool HidesInputTokens { get; }

    /// <summary>The number of queries.</summary>
    public int RowCount => Queries.Length;

    /// <summary>The number of models.</summary>
    public int ModelCount => Models.Length;

    /// <summary>u: the quality of a model's answers, 0 to 1, by row; NaN where the model did not run.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> Quality(int model) => _columns[model].Quality;

    /// <summary>c: the cost of a model's calls in dollars, at least 0, by row.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> CostUsd(int model) => _columns[model].CostUsd;

    /// <summary>What it cost to obtain the signals of a model's answers, in dollars, by row: 0 when they came with the answer.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> JudgeCostUsd(int model) => _columns[model].JudgeCostUsd;

    /// <summary>Input tokens of a model's calls by row; NaN where unknown.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> InputTokens(int model) => _columns[model].InputTokens;

    /// <summary>Output tokens of a model's calls by row; NaN where unknown.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> OutputTokens(int model) => _columns[model].OutputTokens;

    /// <summary>Duration of a model's calls in seconds by row; NaN where unknown.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> LatencySeconds(int model) => _columns[model].LatencySeconds;

    /// <summary>A confidence signal of a model's answers by row; NaN where the model has none.</summary>
    /// <param name="model">Index of the model.</param>
    /// <param name="signal">Index into <see cref="Signals"/>.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> Signal(int model, int signal) => _columns[model].Signals[signal];

    /// <summary>A numeric feature of the queries by row; NaN where unknown.</summary>
    /// <param name="feature">Index into <see cref="Features"/>.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> Feature(int feature) => _features[feature];

    /// <summary>Whether a model's outcome on a query was recorded.</summary>
    /// <param name="model">Index of the model.</param>
    /// <param name="row">The row.</param>
    /// <returns>Whether it was.</returns>
    public bool IsRecorded(int model, int row) => !double.IsNaN(_columns[model].Quality[row]);

    /// <summary>The rows for which every model has an outcome with a known cost.</summary>
    /// <returns>The rows, ascending.</returns>
    public ImmutableArray<int> CompleteRows() =>
        [.. Enumerable.Range(0, RowCount).Where(row => _columns.All(c => !double.IsNaN(c.Quality[row]) && !double.IsNaN(c.CostUsd[row])))];

    /// <summary>A table of some of the models and rows, in the order given.</summary>
    /// <param name="models">Indexes of models, at least one, none twice.</param>
    /// <param name="rows">Rows; one may occur several times.</param>
    /// <returns>The table; it shares nothing with this one.</returns>
    /// <exception cref="ArgumentException">There is no model, or one occurs twice.</exception>
    public OutcomeTable Select(IReadOnlyList<int> models, IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(models);
        ArgumentNullException.ThrowIfNull(rows);
        if (models.Count == 0 || models.Distinct().Count() != models.Count)
        {
            throw new ArgumentException("give at least one model, and none twice", nameof(models));
        }

        return new OutcomeTable(
            [.. rows.Select(r => Queries[r])],
            [.. models.Select(m => Models[m])],
            Signals,
            Features,
            [.. models.Select(m => _columns[m].Select(rows))],
            [.. _features.Select(f => ModelColumns.Pick(f, rows))],
            HidesInputTokens);
    }

    /// <summary>
    /// The same outcomes with what the cluster knows of a query before any model runs: its text, and neither task, nor numeric features, nor input
    /// tokens. Signals of answers stay, input tokens too.
    /// </summary>
    /// <returns>The table; it shares its columns with this one.</returns>
    public OutcomeTable WithServedFacts() =>
        new([.. Queries.Select(query => query with { Task = null })], Models, Signals, [], _columns, [], hidesInputTokens: true);
}
