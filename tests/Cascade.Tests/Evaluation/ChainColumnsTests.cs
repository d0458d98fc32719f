using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class ChainColumnsTests
{
    private const int Models = 4;

    private static readonly Gen<double> Score = Gen.Frequency((1, Gen.Const(double.NaN)), (6, Gen.Int[0, 6].Select(i => i / 6.0)));

    private static readonly Gen<double> Threshold = Gen.Frequency(
        (1, Gen.Const(double.NegativeInfinity)), (1, Gen.Const(double.PositiveInfinity)), (5, Gen.Int[0, 7].Select(i => i / 6.0)));

    private static readonly Gen<ChainSpec> Chain =
        from length in Gen.Int[1, Models]
        from order in Gen.Shuffle(Enumerable.Range(0, Models).ToArray())
        from thresholds in Threshold.Array[length - 1]
        from abstains in Gen.Bool
        from abstain in Threshold.Array[length]
        select new ChainSpec
        {
            Models = [.. order.Take(length)],
            Thresholds = [.. thresholds],
            AbstainAtMost = abstains ? [.. abstain.Select((a, i) => i < length - 1 ? Math.Min(a, thresholds[i]) : a)] : [],
        };

    private static readonly Gen<(ChainSpec Chain, double[][] Scores, int Seed)> Worlds =
        Gen.Int[1, 12].SelectMany(rows => Gen.Select(Chain, Score.Array[rows].Array[Models], Gen.Int[0, 1000]));

    private static readonly ImmutableArray<ModelProfile> Profiles =
        [.. Enumerable.Range(0, Models).Select(m => new ModelProfile { Name = $"m{m}", Quality = 0.2 + (0.2 * m), CostUsd = m + 1 })];

    [Fact]
    public void Run_AnyChain_EqualsTheStepByStepRun() => Worlds.Sample(w =>
    {
        var (fast, slow) = Both(w);
        Assert.Equal(slow.Quality, fast.Quality);
        Assert.Equal(slow.CostUsd, fast.CostUsd);
        Assert.Equal(slow.FinalModel, fast.FinalModel);
        Assert.Equal(slow.Calls, fast.Calls);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (abstained, longest, kept, lengths) = (0, 0, 0, new HashSet<int>());
        Worlds.Sample(
            w =>
            {
                var (fast, _) = Both(w);
                abstained += fast.AbstentionRate > 0 ? 1 : 0;
                longest = Math.Max(longest, fast.Calls.Max());
                kept += fast.Calls.Any(c => c < w.Chain.Models.Length) ? 1 : 0;
                lengths.Add(w.Chain.Models.Length);
            },
            iter: 2_000, threads: 1);

        Assert.InRange(abstained, 100, 1_900);
        Assert.Equal(Models, longest);
        Assert.InRange(kept, 100, 1_900);
        Assert.Equal(Models, lengths.Count);
    }

    [Fact]
    public void Run_ModelWithoutOutcome_NamesModelAndQuery()
    {
        var builder = new OutcomeTableBuilder();
        builder.Add(new OutcomeRecord { QueryId = "q0", Model = "a", Quality = 0, CostUsd = 1 });
        builder.Add(new OutcomeRecord { QueryId = "q1", Model = "b", Quality = 0, CostUsd = 1 });
        var table = builder.Build();
        var profiles = Profiles[..2];
        var evidence = new Evidence(table, ScoreMatrix.Of(table, [null, null]), null);

        var error = Assert.Throws<InvalidOperationException>(
            () => PolicyEvaluator.Run(ChainSpec.Direct(0).Compile(profiles), evidence, 0));

        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'q1'", error.Message, StringComparison.Ordinal);
    }

    private static (PolicyResult Fast, PolicyResult Slow) Both((ChainSpec Chain, double[][] Scores, int Seed) world)
    {
        var random = new Random(world.Seed);
        var builder = new OutcomeTableBuilder();
        for (var row = 0; row < world.Scores[0].Length; row++)
        {
            for (var m = 0; m < Models; m++)
            {
                builder.Add(new OutcomeRecord
                {
                    QueryId = $"q{row}",
                    Model = $"m{m}",
                    Quality = random.NextDouble(),
                    CostUsd = random.NextDouble(),
                    JudgeCostUsd = random.NextDouble(),
                });
            }
        }

        var evidence = new Evidence(builder.Build(), new ScoreMatrix(world.Scores), null);
        var policy = world.Chain.Compile(Profiles);
        Assert.IsType<IColumnPolicy>(policy, exactMatch: false);
        return (PolicyEvaluator.Run(policy, evidence, 0), PolicyEvaluator.RunStepByStep(policy, evidence, 0));
    }
}
