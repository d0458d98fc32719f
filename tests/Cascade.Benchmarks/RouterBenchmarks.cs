using BenchmarkDotNet.Attributes;
using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;

namespace Cascade.Benchmarks;

/// <summary>A router's work on one request of eight models, and its training.</summary>
[MemoryDiagnoser]
public class RouterBenchmarks
{
    private const int Models = 8;
    private const string Question =
        "A train leaves the station at 9:40 and travels 120 km at 80 km/h. A second train leaves 30 minutes later at 100 km/h on the same line. "
        + "At what time does the second train catch up with the first, and how far from the station are they then? Give your answer as hh:mm and in km.";

    private readonly double[] _quality = new double[Models];
    private readonly double[] _cost = new double[Models];
    private readonly ModelOutcome[] _outcomes = new ModelOutcome[Models];
    private readonly OutcomeTable _table = Table(2000);
    private IQueryEstimator _logistic = null!;
    private IQueryEstimator _neighbours = null!;
    private IDecisionPolicy _policy = null!;

    /// <summary>Trains.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _logistic = new LogisticTrainer { Penalties = [0.01] }.Train(_table, 1).Compile();
        _neighbours = new KnnTrainer().Train(_table, 1).Compile();
        _policy = new RouterSpec { Models = [.. Enumerable.Range(0, Models)] }.Compile(
            [.. Enumerable.Range(0, Models).Select(m => new ModelProfile { Name = $"m{m}", Quality = 0.5, CostUsd = 0.001 * (m + 1) })]);
        EstimateLogistic();
    }

    /// <summary>The choice of a model, estimates given.</summary>
    /// <returns>The step.</returns>
    [Benchmark]
    public Decision Decide() =>
        _policy.Decide(new DecisionState { Outcomes = _outcomes, ShadowPrice = 12, PriorQuality = _quality, PriorCostUsd = _cost });

    /// <summary>Features of a text of 280 characters, and both estimates of every model.</summary>
    [Benchmark]
    public void EstimateLogistic() => _logistic.Estimate(new QueryFacts { Text = Question, InputTokens = 70 }, _quality, _cost);

    /// <summary>The same by neighbours among 2,000 queries.</summary>
    [Benchmark]
    public void EstimateNeighbours() => _neighbours.Estimate(new QueryFacts { Text = Question, InputTokens = 70 }, _quality, _cost);

    /// <summary>Training with cross-validation of the penalty, 2,000 queries.</summary>
    /// <returns>The estimator.</returns>
    [Benchmark]
    public Estimator TrainLogistic() => new LogisticTrainer().Train(_table, 1);

    private static OutcomeTable Table(int rows)
    {
        var builder = new OutcomeTableBuilder();
        for (var i = 0; i < rows; i++)
        {
            var text = $"{Question[(i % 60)..(120 + (i * 37 % 150))]} {i} {i % 17}";
            builder.Describe(new OutcomeQuery { Id = $"q{i}", Text = text, Task = $"task {i % 20}" }, []);
            for (var m = 0; m < Models; m++)
            {
                builder.Add(new OutcomeRecord { QueryId = $"q{i}", Model = $"m{m}", Quality = (i * 31 % 97) < 40 + (7 * m) ? 1 : 0, CostUsd = 0.001 * (m + 1) * (1 + (i % 5)) });
            }
        }

        return builder.Build();
    }
}
