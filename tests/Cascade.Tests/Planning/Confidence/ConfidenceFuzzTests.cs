using Cascade.Planning.Fitting;
using Cascade.Planning.Levels;
using Cascade.Planning.Outcomes;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Confidence;

/// <summary>Whatever was recorded, a strategy fits and its policies run, or it says why not.</summary>
public sealed class ConfidenceFuzzTests
{
    private static readonly double[] Odd = [double.NaN, double.NegativeInfinity, double.PositiveInfinity, 1e100, -1e100, 0, 1];

    private static readonly string[] Names = ["confidence", "self_verification", "token_logprob_q00", "other"];

    private static readonly ICascadeStrategy[] Strategies =
    [
        new RationalTuning(), new EarlyAbstention(), new TokenUncertaintyDeferral(), new LearnedDeferral(), new LearnedDeferral(DeferralTarget.Rescue),
        new AutoMix(), new AutoMix(LevelMethod.CompatPomdp),
    ];

    private static readonly Gen<double> Signal = Gen.Frequency(
        (2, Gen.Int[0, 6].Select(i => Odd[i])), (4, Gen.Double[0, 1]), (2, Gen.Double[-20, 0]), (2, Gen.Int[0, 4].Select(i => i / 4.0)));

    private static readonly Gen<OutcomeTable> Tables = Gen.Select(Gen.Int[1, 12], Gen.Int[1, 4], Gen.Int[0, 3]).SelectMany((n, k, s) => Gen.Select(
        Gen.Frequency((1, Gen.Const(0.5)), (1, Gen.Const(double.NaN)), (6, Signal)).Array[n * k * s],
        Gen.OneOf(Gen.Const(1.0), Gen.Int[0, 1].Select(i => (double)i), Gen.Double[0, 1]).Array[n * k],
        Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0), Gen.Double[0, 10]).Array[n * k],
        (signals, quality, cost) => Table(n, k, s, signals, quality, cost)));

    [Fact]
    public void Fit_AnyTable_FitsAndRunsOrSaysWhyNot() => Tables.Sample(
        table =>
        {
            var context = ConfidenceWorld.Context(table, new FitOptions { PriceGridSize = 5, MaxCandidates = 20 });
            foreach (var strategy in Strategies)
            {
                if (strategy.Unfit(context) is { } reason)
                {
                    Assert.Contains("record", reason, StringComparison.Ordinal);
                    continue;
                }

                var fitted = strategy.Fit(context);
                Assert.InRange(fitted.Candidates.Length, 1, 20);
                Assert.All(ConfidenceWorld.Run(fitted, context, table), r =>
                {
                    Assert.InRange(r.MeanQuality, 0, 1);
                    Assert.InRange(r.MeanCostUsd, 0, 40);
                });
            }
        },
        iter: 150);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (one, silent, infinite, free, chains) = (0, 0, 0, 0, 0);
        Tables.Sample(
            table =>
            {
                var context = ConfidenceWorld.Context(table, new FitOptions { PriceGridSize = 3 });
                one += table.RowCount == 1 ? 1 : 0;
                silent += Strategies[0].Unfit(context) is null ? 0 : 1;
                free += context.Models.Any(m => m.CostUsd == 0) ? 1 : 0;
                chains += Strategies[0].Unfit(context) is null && Strategies[0].Fit(context).Candidates.Length > table.ModelCount ? 1 : 0;
                for (var s = 0; s < table.Signals.Length; s++)
                {
                    infinite += table.Signal(0, s).ContainsAny(double.NegativeInfinity, double.PositiveInfinity) ? 1 : 0;
                }
            },
            iter: 300, threads: 1);
        Assert.True(one > 10 && silent > 30 && infinite > 50 && free > 10 && chains > 50, $"{one} {silent} {infinite} {free} {chains}");
    }

    private static OutcomeTable Table(int rows, int models, int signals, double[] values, double[] quality, double[] cost)
    {
        var builder = new OutcomeTableBuilder();
        var order = Enumerable.Range(0, models).OrderBy(m => Enumerable.Range(0, rows).Sum(q => cost[(q * models) + m])).ToArray();
        for (var q = 0; q < rows; q++)
        {
            foreach (var m in order)
            {
                var cell = (q * models) + m;
                builder.Add(new OutcomeRecord
                {
                    QueryId = $"q{q}",
                    Model = $"m{m}",
                    Quality = quality[cell],
                    CostUsd = cost[cell],
                    JudgeCostUsd = cost[cell] / 10,
                    Signals = [.. Enumerable.Range(0, signals).Select(s => new KeyValuePair<string, double>(Names[s], values[(cell * signals) + s]))],
                });
            }
        }

        return builder.Build();
    }
}
