using BenchmarkDotNet.Attributes;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.TestKit.Planning;

namespace Cascade.Benchmarks;

/// <summary>The whole way from recorded outcomes to a plan, as rows grow.</summary>
[MemoryDiagnoser]
public class FitBenchmarks
{
    private OutcomeTable _table = new OutcomeTableBuilder().Build();
    private OutcomeSplit _split = new([], [], []);

    /// <summary>Recorded queries.</summary>
    [Params(1_000, 10_000)]
    public int Queries { get; set; }

    /// <summary>Draws the outcomes of 8 models.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _table = new SyntheticOutcomes { Models = 8, Queries = Queries, CostFactor = 2.5 }.Build();
        _split = OutcomeSplit.Of(_table, 0.4, 0.3, "benchmark");
    }

    /// <summary>Every strategy, fitted, chosen and reported.</summary>
    /// <returns>The fit.</returns>
    [Benchmark]
    public FitRun Auto() => FitPipeline.Run(_table, _split, FittableStrategies.All, new PipelineOptions());
}
