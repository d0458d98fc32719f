using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;
using Xunit;

namespace Cascade.Tests.Planning.Confidence;

/// <summary>Made-up outcomes with the kinds of signals that answers carry, and contexts over them.</summary>
internal static class ConfidenceWorld
{
    /// <summary>
    /// Queries of a hidden difficulty, models that are right more often the dearer they are, and signals that know the model's chance to be right
    /// with noise: a log-probability that saturates at 0 and −∞, two token signals, and verdicts of a self-verification that costs.
    /// </summary>
    public static OutcomeTable Table(int rows, int models, int seed, double judgeCost = 0)
    {
        var random = new Random(seed);
        var builder = new OutcomeTableBuilder();
        for (var q = 0; q < rows; q++)
        {
            var difficulty = random.NextDouble();
            for (var m = 0; m < models; m++)
            {
                var chance = Math.Clamp((1.15 * Math.Pow((m + 1.0) / models, 0.3)) - difficulty + 0.1, 0.02, 0.98);
                var right = random.NextDouble() < chance;
                var heard = Math.Clamp(chance + (0.25 * (random.NextDouble() - 0.5)) + (right ? 0.1 : -0.1), 0, 1);
                Assert.Empty(builder.Add(new OutcomeRecord
                {
                    QueryId = $"q{q}",
                    Model = $"m{m}",
                    Quality = right ? 1 : 0,
                    CostUsd = 0.001 * Math.Pow(3, m) * (0.8 + (0.4 * random.NextDouble())),
                    JudgeCostUsd = judgeCost,
                    OutputTokens = 50 + (200 * difficulty),
                    Signals =
                    [
                        new("confidence", Math.Log(heard)),
                        new("token_logprob_mean", -2 * (1 - heard) * random.NextDouble()),
                        new("token_logprob_q00", -5 * (1 - heard)),
                        new("self_verification", Math.Round(4 * heard) / 4),
                    ],
                }));
            }
        }

        return builder.Build();
    }

    public static FitContext Context(OutcomeTable table, FitOptions? options = null)
    {
        ImmutableArray<ScoreModel?> none = [.. table.Models.Select(_ => (ScoreModel?)null)];
        return new FitContext
        {
            Outcomes = table,
            ScoreModels = none,
            Scores = ScoreMatrix.Of(table, none),
            Models =
            [
                .. Enumerable.Range(0, table.ModelCount).Select(m => new ModelProfile
                {
                    Name = table.Models[m], Quality = Mean(table.Quality(m)), CostUsd = Mean(table.CostUsd(m)),
                }),
            ],
            Options = options ?? new FitOptions(),
        };
    }

    /// <summary>What every candidate delivers on a table.</summary>
    public static PolicyResult[] Run(FittedStrategy fitted, FitContext context, OutcomeTable table)
    {
        var evidence = new CandidateEvidence(fitted, table);
        return [.. fitted.Candidates.Select(c => PolicyEvaluator.Run(c.Policy.Compile(context.Models), evidence.For(c), c.Price))];
    }

    public static CostFrontier Hull(IEnumerable<PolicyResult> results) =>
        CostFrontier.Of([.. results.Select((r, i) => new FrontierPoint(r.MeanCostUsd, r.MeanQuality, i))]);

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
