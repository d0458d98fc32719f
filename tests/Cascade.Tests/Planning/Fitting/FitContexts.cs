using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using Xunit;

namespace Cascade.Tests.Planning.Fitting;

/// <summary>The recorded outcomes of one model of a test: columns of equal length.</summary>
internal sealed record TestModel(double[] Scores, double[] Quality, double[] CostUsd, double[]? JudgeCostUsd = null)
{
    public static double[] Unscored(int rows) => [.. Enumerable.Repeat(double.NaN, rows)];

    public static double[] All(int rows, double value) => [.. Enumerable.Repeat(value, rows)];
}

/// <summary>Contexts whose one signal is the score.</summary>
internal static class FitContexts
{
    private const string Signal = "score";

    /// <summary>A context of models, put in order of mean cost and then of quality as the pipeline does.</summary>
    public static FitContext Of(IEnumerable<TestModel> models, FitOptions? options = null)
    {
        var ordered = models.OrderBy(m => m.CostUsd.Average()).ThenBy(m => m.Quality.Average()).ToArray();
        var builder = new OutcomeTableBuilder();
        for (var m = 0; m < ordered.Length; m++)
        {
            for (var row = 0; row < ordered[m].Quality.Length; row++)
            {
                Assert.Empty(builder.Add(new OutcomeRecord
                {
                    QueryId = $"q{row}",
                    Model = $"m{m}",
                    Quality = ordered[m].Quality[row],
                    CostUsd = ordered[m].CostUsd[row],
                    JudgeCostUsd = ordered[m].JudgeCostUsd?[row] ?? 0,
                    Signals = double.IsNaN(ordered[m].Scores[row]) ? [] : [new(Signal, ordered[m].Scores[row])],
                }));
            }
        }

        return Of(builder.Build(), new SignalScore { Signal = Signal }, options);
    }

    public static FitContext Of(OutcomeTable table, ScoreModel score, FitOptions? options = null)
    {
        ImmutableArray<ScoreModel?> scoring =
            [.. Enumerable.Range(0, table.ModelCount).Select(_ => score.Inputs.All(table.Signals.Contains) ? score : null)];
        return new FitContext
        {
            Outcomes = table,
            ScoreModels = scoring,
            Scores = ScoreMatrix.Of(table, scoring),
            Models = [.. Enumerable.Range(0, table.ModelCount).Select(m => new ModelProfile
            {
                Name = table.Models[m], Quality = Mean(table.Quality(m)), CostUsd = Mean(table.CostUsd(m)),
            })],
            Options = options ?? new FitOptions { MaxCandidates = 10_000 },
        };
    }

    /// <summary>What every candidate costs and delivers on the fit rows, as the evaluator runs it.</summary>
    public static (double CostUsd, double Quality, PolicySpec Policy)[] Replay(this FitContext context, FittedStrategy fitted)
    {
        var evidence = Evidence.For(fitted, context.Outcomes);
        return [.. fitted.Candidates.Select(c =>
        {
            var result = PolicyEvaluator.Run(c.Policy.Compile(context.Models), evidence, c.Price);
            return (result.MeanCostUsd, result.MeanQuality, c.Policy);
        })];
    }

    public static double BestAt(this IEnumerable<(double CostUsd, double Quality, PolicySpec Policy)> points, double price) =>
        points.Max(p => p.Quality - (price * p.CostUsd));

    private static double Mean(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum / column.Length;
    }
}
