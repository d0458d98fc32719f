using BenchmarkDotNet.Attributes;
using Cascade.Planning.Decisions;
using Cascade.Planning.Strategies;
using Cascade.Providers.Pricing;

namespace Cascade.Benchmarks;

/// <summary>The arithmetic of one request: the policy's step and the cost of a call.</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private readonly PriceList _price = new(150_000_000, 600_000_000);
    private readonly ModelOutcome[] _outcomes = [new(OutcomeKind.Answered, 0.4), default];
    private readonly IDecisionPolicy _policy = StrategyCatalog.Find("threshold-pair")!.Fit(new StrategyInput
    {
        Models =
        [
            new ModelProfile { Name = "cheap", Quality = 0.7, CostUsd = 0.0001 },
            new ModelProfile { Name = "strong", Quality = 0.95, CostUsd = 0.002 },
        ],
    });

    /// <summary>Whether to escalate a judged draft.</summary>
    /// <returns>The step.</returns>
    [Benchmark]
    public Decision Decide() => _policy.Decide(new DecisionState { Outcomes = _outcomes, ShadowPrice = 12 });

    /// <summary>The cost of a call.</summary>
    /// <returns>Nano-dollars.</returns>
    [Benchmark]
    public long Cost() => _price.CostNanos(812, 344);
}
