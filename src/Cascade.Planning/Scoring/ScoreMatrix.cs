using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Scoring;

/// <summary>The score of every model's answer on every row. Immutable by convention: columns must not be written.</summary>
public sealed class ScoreMatrix
{
    /// <summary>The signals that every table has without a column of their own: <c>input_tokens</c> and <c>output_tokens</c>.</summary>
    public const string InputTokens = "input_tokens";

    /// <inheritdoc cref="InputTokens" />
    public const string OutputTokens = "output_tokens";

    private readonly double[][] _columns;

    /// <summary>Creates a matrix.</summary>
    /// <param name="columns">One column per model, each with one score per row; NaN where there is none.</param>
    public ScoreMatrix(double[][] columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns;
    }

    /// <summary>Scores every answer of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="models">One score model per model of the table; null where answers are not scored.</param>
    /// <returns>The scores.</returns>
    /// <exception cref="ArgumentException">The counts differ, or a score model reads a signal that the table lacks.</exception>
    public static ScoreMatrix Of(OutcomeTable table, IReadOnlyList<ScoreModel?> models)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count != table.ModelCount)
        {
            throw new ArgumentException($"{models.Count} score models for {table.ModelCount} models; give one each", nameof(models));
        }

        var columns = new double[models.Count][];
        for (var m = 0; m < columns.Length; m++)
        {
            columns[m] = models[m] is { } model ? ColumnOf(table, m, model) : ModelColumns.Unknown(table.RowCount);
        }

        return new ScoreMatrix(columns);
    }

    /// <summary>The scores of a model's answers by row; NaN where there is none.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>One value per row.</returns>
    public ReadOnlySpan<double> Column(int model) => _columns[model];

    /// <summary>The score of one answer; NaN where there is none.</summary>
    /// <param name="model">Index of the model.</param>
    /// <param name="row">The row.</param>
    /// <returns>The score.</returns>
    public double this[int model, int row] => _columns[model][row];

    /// <summary>The score of one model's answers by row.</summary>
    internal static double[] ColumnOf(OutcomeTable table, int model, ScoreModel scoring)
    {
        var names = scoring.Inputs;
        var column = new double[table.RowCount];
        Span<double> inputs = new double[names.Length];
        for (var row = 0; row < column.Length; row++)
        {
            for (var i = 0; i < names.Length; i++)
            {
                inputs[i] = Source(table, model, names[i])[row];
            }

            column[row] = scoring.Apply(inputs);
        }

        return column;
    }

    /// <summary>A signal by row, by its name.</summary>
    internal static ReadOnlySpan<double> Source(OutcomeTable table, int model, string name)
    {
        var signal = table.Signals.IndexOf(name);
        if (signal >= 0)
        {
            return table.Signal(model, signal);
        }

        return name switch
        {
            InputTokens => table.InputTokens(model),
            OutputTokens => table.OutputTokens(model),
            _ => throw new ArgumentException($"the outcomes have no signal '{name}'; they have {string.Join(", ", table.Signals)}", nameof(name)),
        };
    }
}
