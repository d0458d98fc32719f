using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Cascade.Planning.Decisions;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Benchmarks;

/// <summary>Fitting threshold strategies on 8 models and 10,000 queries.</summary>
[MemoryDiagnoser]
public class StrategyFitBenchmarks
{
    private const int Models = 8;
    private const int Rows = 10_000;

    private FitContext? _context;

    /// <summary>Draws models that get dearer and better; their scores say how likely they are right.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(7);
        var builder = new OutcomeTableBuilder();
        for (var row = 0; row < Rows; row++)
        {
            var ease = random.NextDouble();
            for (var m = 0; m < Models; m++)
            {
                var score = Math.Clamp((0.6 * ease) + (0.25 * random.NextDouble()) + (0.05 * m), 0, 1);
                builder.Add(new OutcomeRecord
                {
                    QueryId = $"q{row}",
                    Model = $"m{m}",
                    Quality = random.NextDouble() < score ? 1 : 0,
                    CostUsd = 1e-5 * Math.Pow(2.5, m) * (0.5 + random.NextDouble()),
                    OutputTokens = 50 + (200 * random.NextDouble()),
                    Signals = [new("score", score), new("noise", random.NextDouble())],
                });
            }
        }

        var table = builder.Build();
        ImmutableArray<ScoreModel?> scoring = [.. Enumerable.Repeat<ScoreModel?>(new SignalScore { Signal = "score" }, Models)];
        _context = new FitContext
        {
            Outcomes = table,
            ScoreModels = scoring,
            Scores = ScoreMatrix.Of(table, scoring),
            Models = [.. Enumerable.Range(0, Models).Select(m => new ModelProfile
            {
                Name = table.Models[m], Quality = table.Quality(m).ToArray().Average(), CostUsd = table.CostUsd(m).ToArray().Average(),
            })],
            Options = new FitOptions(),
        };
    }

    /// <summary>All pairs.</summary>
    /// <returns>The candidates.</returns>
    [Benchmark]
    public FittedStrategy PairwiseEnvelope() => new PairwiseEnvelope().Fit(_context!);

    /// <summary>All subsequences of up to three models.</summary>
    /// <returns>The candidates.</returns>
    [Benchmark]
    public FittedStrategy SubsequenceCascade() => new SubsequenceCascade().Fit(_context!);

    /// <summary>The full chain.</summary>
    /// <returns>The candidates.</returns>
    [Benchmark]
    public FittedStrategy FixedChain() => new FixedChain().Fit(_context!);

    /// <summary>Scorer, lists and thresholds.</summary>
    /// <returns>The candidates.</returns>
    [Benchmark]
    public FittedStrategy FrugalCascade() => new FrugalCascade().Fit(_context!);
}
