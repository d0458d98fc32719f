using Cascade.Planning.Sweeps;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class ChainFitTests
{
    private const double Tolerance = 1e-6;

    private static readonly Gen<ChainStage[]> Chains = Gen.Int[1, 30].SelectMany(n => Gen.Select(
        Gen.OneOf(Gen.Int[0, 3].Select(i => i / 3.0), Gen.Double[0, 1]).Array[n],
        Gen.OneOf(Gen.Int[0, 1].Select(i => (double)i), Gen.Double[0, 1]).Array[n],
        Gen.Double[0, 0.1].Array[n],
        (s, u, c) => new ChainStage { Scores = s, Quality = u, CostUsd = c }).Array[1, 4]);

    [Fact]
    public void T1_8_AtPrice_ThreeIndependentStages_MeetTheFirstOrderConditions()
    {
        const int Side = 800;
        var (one, two) = (new double[Side * Side], new double[Side * Side]);
        for (var i = 0; i < one.Length; i++)
        {
            (one[i], two[i]) = (((i / Side) + 0.5) / Side, ((i % Side) + 0.5) / Side);
        }

        double[] All(double value) => [.. Enumerable.Repeat(value, one.Length)];
        var policy = ChainFit.AtPrice(
            [
                new ChainStage { Scores = one, Quality = one, CostUsd = All(1) },
                new ChainStage { Scores = two, Quality = two, CostUsd = All(4) },
                new ChainStage { Quality = All(0.95), CostUsd = All(20) },
            ],
            0.01);
        Assert.Equal(0.74125, policy.Thresholds[0], Tolerance);
        Assert.Equal(0.75, policy.Thresholds[1], Tolerance);
        Assert.Equal(0.76472578, policy.Value, Tolerance);
        Assert.Equal(15.08375, policy.CostUsd, Tolerance);
        Assert.Equal(0.91556328, policy.Quality, Tolerance);
        Assert.Equal(0.01 * 20, 0.95 - policy.Thresholds[1], Tolerance);
        Assert.Equal(0.01 * (4 + (0.75 * 20)), ((1 - (0.75 * 0.75)) / 2) + (0.75 * 0.95) - policy.Thresholds[0], Tolerance);
    }

    [Fact]
    public void AtPrice_TwoStages_IsThePairsVertex()
    {
        var rows = PairSamples.Linear(1_000).Rows;
        var policy = ChainFit.AtPrice(
            [
                new ChainStage { Scores = rows.Scores.ToArray(), Quality = rows.LowQuality.ToArray(), CostUsd = rows.LowCostUsd.ToArray() },
                new ChainStage { Quality = rows.HighQuality.ToArray(), CostUsd = rows.HighCostUsd.ToArray() },
            ],
            0.03);
        Assert.Equal((0.6, 7.0, 0.86), (Math.Round(policy.Thresholds[0], 9), Math.Round(policy.CostUsd, 9), Math.Round(policy.Quality, 9)));
    }

    [Fact]
    public void AtPrice_AnyChain_ReplaysAndIsNeverWorseThanStoppingOrGoingOn() => Gen.Select(Chains, Gen.Double[0, 20]).Sample((chain, price) =>
    {
        var policy = ChainFit.AtPrice(chain, price);
        var replayed = Replay(chain, policy.Thresholds.ToArray(), price);
        Assert.Equal(replayed, policy.Value, 1e-9);
        Assert.True(policy.Value >= Replay(chain, Filled(chain, double.NegativeInfinity), price) - 1e-9);
        Assert.True(policy.Value >= Replay(chain, Filled(chain, double.PositiveInfinity), price) - 1e-9);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (never, always, between, lengths) = (0, 0, 0, new HashSet<int>());
        Gen.Select(Chains, Gen.Double[0, 20]).Sample(
            (chain, price) =>
            {
                var thresholds = ChainFit.AtPrice(chain, price).Thresholds;
                lengths.Add(chain.Length);
                never += thresholds.Count(double.IsNegativeInfinity);
                always += thresholds.Count(double.IsPositiveInfinity);
                between += thresholds.Count(double.IsFinite);
            },
            iter: 3_000, threads: 1);
        Assert.True(never > 300 && always > 300 && between > 300, $"{never} never, {always} always, {between} between");
        Assert.Equal(4, lengths.Count);
    }

    private static double[] Filled(ChainStage[] chain, double threshold) => [.. Enumerable.Repeat(threshold, chain.Length - 1)];

    private static double Replay(ChainStage[] chain, double[] thresholds, double price)
    {
        var value = 0.0;
        var rows = chain[0].Quality.Length;
        for (var row = 0; row < rows; row++)
        {
            var stage = 0;
            value -= price * chain[0].CostUsd.Span[row];
            while (stage < thresholds.Length && chain[stage].Scores.Span[row] < thresholds[stage])
            {
                value -= price * chain[++stage].CostUsd.Span[row];
            }

            value += chain[stage].Quality.Span[row];
        }

        return value / rows;
    }
}
