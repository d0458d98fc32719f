using BenchmarkDotNet.Attributes;
using Cascade.Planning.Frontier;
using Cascade.Planning.Sweeps;

namespace Cascade.Benchmarks;

/// <summary>Every threshold of a pair of models, and the hull over them, as rows grow.</summary>
[MemoryDiagnoser]
public class SweepBenchmarks
{
    private double[] _scores = [];
    private double[] _low = [];
    private double[] _high = [];
    private double[] _lowCost = [];
    private double[] _highCost = [];

    /// <summary>Recorded requests.</summary>
    [Params(10_000, 100_000, 1_000_000)]
    public int Rows { get; set; }

    private PairRows Columns => new() { Scores = _scores, LowQuality = _low, HighQuality = _high, LowCostUsd = _lowCost, HighCostUsd = _highCost };

    /// <summary>Draws rows whose score says how likely the draft is right.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(7);
        double[] Draw(Func<double> value) => [.. Enumerable.Range(0, Rows).Select(_ => value())];
        _scores = Draw(random.NextDouble);
        _low = Array.ConvertAll(_scores, s => random.NextDouble() < s ? 1.0 : 0);
        _high = Draw(() => random.NextDouble() < 0.9 ? 1 : 0);
        _lowCost = Draw(() => random.NextDouble() * 1e-4);
        _highCost = Draw(() => random.NextDouble() * 1e-3);
    }

    /// <summary>The exact sweep and its hull.</summary>
    /// <returns>The frontier.</returns>
    [Benchmark]
    public CostFrontier Exact() => PairSweep.Exact(Columns).Frontier();

    /// <summary>The smoothed sweep and its hull.</summary>
    /// <returns>The frontier.</returns>
    [Benchmark]
    public CostFrontier Smooth() => PairSweep.Smooth(Columns, EscalationCost.Mean).Frontier();
}
