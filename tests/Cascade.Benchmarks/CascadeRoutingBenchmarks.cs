using BenchmarkDotNet.Attributes;
using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Decisions;

namespace Cascade.Benchmarks;

/// <summary>One step of cascade routing, over many requests with different estimates, scores and prices of money.</summary>
[MemoryDiagnoser]
public class CascadeRoutingBenchmarks
{
    private const int Requests = 256;
    private readonly double[][] _quality = new double[Requests][];
    private readonly double[][] _cost = new double[Requests][];
    private readonly double[] _price = new double[Requests];
    private readonly ModelOutcome[][] _fresh = new ModelOutcome[Requests][];
    private readonly ModelOutcome[][] _followUp = new ModelOutcome[Requests][];
    private IDecisionPolicy _routing = null!;
    private IDecisionPolicy _cascade = null!;

    /// <summary>Models to choose among.</summary>
    [Params(8, 11)]
    public int Models { get; set; }

    /// <summary>Draws requests: costs over four decades, prices from "quality is all" to "money is all".</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(7);
        ModelProfile[] models =
            [.. Enumerable.Range(0, Models).Select(i => new ModelProfile { Name = $"m{i}", Quality = 0.4 + (0.5 * i / Models), CostUsd = Math.Pow(10, -4 + (4.0 * i / Models)) })];
        var evidence = Evidence(random);
        _routing = new CascadeRoutingSpec { Models = [.. Enumerable.Range(0, Models)], Evidence = evidence }.Compile([.. models]);
        _cascade = new OptimalCascadeSpec { Models = [.. Enumerable.Range(0, Models)], Evidence = evidence }.Compile([.. models]);
        for (var r = 0; r < Requests; r++)
        {
            _quality[r] = [.. models.Select(m => Math.Clamp(m.Quality + (0.5 * (random.NextDouble() - 0.5)), 0, 1))];
            _cost[r] = [.. models.Select(m => m.CostUsd * (0.5 + random.NextDouble()))];
            _price[r] = Math.Pow(10, -2 + (4 * random.NextDouble()));
            (_fresh[r], _followUp[r]) = (new ModelOutcome[Models], new ModelOutcome[Models]);
            _followUp[r][random.Next(Models)] = new ModelOutcome(OutcomeKind.Answered, random.NextDouble());
        }
    }

    /// <summary>The first decision on a request: no model ran yet.</summary>
    /// <returns>What cannot be left out.</returns>
    [Benchmark(OperationsPerInvoke = Requests)]
    public int FirstDecision() => Run(_routing, _fresh);

    /// <summary>The decision after one answer.</summary>
    /// <returns>What cannot be left out.</returns>
    [Benchmark(OperationsPerInvoke = Requests)]
    public int FollowUpDecision() => Run(_routing, _followUp);

    /// <summary>The first decision of optimal cascading.</summary>
    /// <returns>What cannot be left out.</returns>
    [Benchmark(OperationsPerInvoke = Requests)]
    public int OptimalCascadeDecision() => Run(_cascade, _fresh);

    private int Run(IDecisionPolicy policy, ModelOutcome[][] outcomes)
    {
        var sum = 0;
        for (var r = 0; r < Requests; r++)
        {
            sum += policy.Decide(new DecisionState { Outcomes = outcomes[r], ShadowPrice = _price[r], PriorQuality = _quality[r], PriorCostUsd = _cost[r] }).Model;
        }

        return sum;
    }

    /// <summary>Qualities and scores that share three causes, and have a part of their own.</summary>
    private EvidenceModel Evidence(Random random)
    {
        double[][] Loads(double size) => [.. Enumerable.Range(0, Models).Select(_ => Enumerable.Range(0, 3).Select(_ => size * (random.NextDouble() - 0.2)).ToArray())];
        var (quality, score) = (Loads(0.25), Loads(0.8));
        var (cross, among) = (new double[Models * Models], new double[Models * Models]);
        for (var i = 0; i < Models; i++)
        {
            for (var j = 0; j < Models; j++)
            {
                cross[(i * Models) + j] = quality[i].Zip(score[j], (a, b) => a * b).Sum() + (i == j ? 0.15 : 0);
                among[(i * Models) + j] = score[i].Zip(score[j], (a, b) => a * b).Sum() + (i == j ? 0.6 : 0);
            }
        }

        return EvidenceModel.PriorsOnly(Models) with
        {
            ScoreIntercept = [.. Enumerable.Repeat(0.5, Models)],
            ScoreScale = [.. Enumerable.Repeat(0.25, Models)],
            QualityScoreCovariance = [.. cross],
            ScoreCovariance = [.. among],
        };
    }
}
