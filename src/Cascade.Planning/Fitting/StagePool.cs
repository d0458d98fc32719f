using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>
/// The columns that threshold policies are fitted on. Every score column is sorted once, whatever number of policies reads it. A missing score
/// reads as the model's mean quality, because that is what the policy makes of it when it serves.
/// </summary>
internal sealed class StagePool
{
    private readonly double[][] _quality;
    private readonly double[][] _costUsd;
    private readonly double[][] _judgedCostUsd;
    private readonly double[]?[] _scores;
    private readonly ScoreGroups?[] _groups;

    private StagePool(OutcomeTable table, ScoreMatrix scores, ImmutableArray<ModelProfile> models)
    {
        (RowCount, ModelCount) = (table.RowCount, table.ModelCount);
        (_quality, _costUsd, _judgedCostUsd) = (new double[ModelCount][], new double[ModelCount][], new double[ModelCount][]);
        (_scores, _groups) = (new double[ModelCount][], new ScoreGroups[ModelCount]);
        for (var m = 0; m < ModelCount; m++)
        {
            (_quality[m], _costUsd[m]) = (table.Quality(m).ToArray(), table.CostUsd(m).ToArray());
            _judgedCostUsd[m] = Sum(table.CostUsd(m), table.JudgeCostUsd(m));
            _scores[m] = Known(scores.Column(m), models[m].Quality);
        }
    }

    public int RowCount { get; }

    public int ModelCount { get; }

    public static StagePool Of(FitContext context) => new(context.Outcomes, context.Scores, context.Models);

    public static StagePool Of(FitContext context, ScoreMatrix scores) => new(context.Outcomes, scores, context.Models);

    public double[] Quality(int model) => _quality[model];

    public double[] CostUsd(int model) => _costUsd[model];

    /// <summary>The cost of a call whose answer is then looked at.</summary>
    public double[] JudgedCostUsd(int model) => _judgedCostUsd[model];

    /// <summary>Whether any answer of the model has a score: without one the model can end a chain, but nothing can follow it.</summary>
    public bool IsScored(int model) => _scores[model] is not null;

    public double[] Scores(int model) => _scores[model] ?? throw new InvalidOperationException($"the answers of model {model} have no score");

    public ScoreGroups Groups(int model) => _groups[model] ??= ScoreGroups.Of(Scores(model));

    /// <summary>The model alone, its answers not looked at.</summary>
    public FrontierPoint Direct(int model) => new(Mean(_costUsd[model]), Mean(_quality[model]), model);

    public static double Mean(double[] column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum / column.Length;
    }

    private static double[] Sum(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = new double[a.Length];
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] = a[i] + b[i];
        }

        return sum;
    }

    private static double[]? Known(ReadOnlySpan<double> scores, double missing)
    {
        var known = new double[scores.Length];
        var any = false;
        for (var i = 0; i < known.Length; i++)
        {
            any |= !double.IsNaN(scores[i]);
            known[i] = double.IsNaN(scores[i]) ? missing : Math.Clamp(scores[i], -ColumnCheck.Largest, ColumnCheck.Largest);
        }

        return any ? known : null;
    }
}
