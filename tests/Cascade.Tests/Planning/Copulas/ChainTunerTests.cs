using Cascade.Planning.Copulas;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Copulas;

public sealed class ChainTunerTests
{
    private const double Tolerance = 1e-6;

    private static readonly ConfidenceMarginal Uniform = new(0, 1, 0, 0, [new BetaComponent(1, 1, 1)]);

    private static readonly Gen<ConfidenceMarginal> Marginal = Gen.Select(
        Gen.Double[0, 0.4], Gen.Double[0.6, 1], Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 0.4]), Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 0.4]),
        Gen.Double[0.5, 8], Gen.Double[0.5, 8],
        (min, max, low, high, a, b) => new ConfidenceMarginal(min, max, low, high, [new BetaComponent(1, a, b)]));

    private static readonly Gen<World> Worlds = Gen.Int[1, 3].SelectMany(k => Gen.Select(
        Marginal.Array[k], Gen.OneOf(Gen.Const(1.0), Gen.Double[1, 6]).Array[k], Gen.Double[0.1, 5].Array[k], Gen.Double[0, 1],
        Gen.Double[0, 0.2], Gen.Double[0, 1].Array[2 * k],
        (marginals, thetas, costs, penalty, price, cuts) => new World(
            new ConfidenceChain([.. marginals.Select((m, i) => new ChainLink(m, new GumbelCopula(thetas[i]), costs[i], 0))]), price, penalty, cuts)));

    [Fact]
    public void T7_2_TwoIndependentUniforms_DeferWhereTheNextIsWorthItsPrice()
    {
        var chain = Independent(1, 5);
        foreach (var t in (double[])[0.1, 0.4, 0.9])
        {
            var expected = chain.Expect([t], []);
            Assert.Equal(((1 - (t * t)) / 2) + (t / 2), expected.Correct, Tolerance);
            Assert.Equal(1 + (5 * t), expected.CostUsd, Tolerance);
        }

        var tuned = ChainTuner.Tune(chain, 0.02, AbstentionStages.Never, 1);
        Assert.Equal(0.4, tuned.DeferAtMost[0], Tolerance);
        Assert.Equal(0.62, tuned.Expectation.Correct, Tolerance);
    }

    [Fact]
    public void Tune_WithWhatTheSearchRemembers_DeliversWhatAFreshLookDoes() => Worlds.Sample(
        world =>
        {
            var tuned = ChainTuner.Tune(world.Chain, world.Price, AbstentionStages.Any, world.Penalty);
            Assert.Equal(world.Chain.Expect(tuned.DeferAtMost.AsSpan(), tuned.AbstainAtMost.AsSpan()), tuned.Expectation);
        },
        iter: 100);

    [Fact]
    public void T7_4_DearAbstention_AbstainsLastOnly()
    {
        var tuned = ChainTuner.Tune(Independent(0, 5), 0.01, AbstentionStages.Any, 0.4);
        Assert.Equal(0.63, tuned.DeferAtMost[0], Tolerance);
        Assert.Equal(0.6, tuned.AbstainAtMost[1], Tolerance);
        Assert.Equal(0, Uniform.Cdf(tuned.AbstainAtMost[0]), Tolerance);
        Assert.Equal((0.63 * 0.37) + (0.37 * 0.37 / 2), tuned.Loss, Tolerance);
    }

    [Fact]
    public void T7_4_CheapAbstention_NeverDefers()
    {
        var tuned = ChainTuner.Tune(Independent(0, 5), 0.01, AbstentionStages.Any, 0.2);
        Assert.Equal(0.8, tuned.DeferAtMost[0], Tolerance);
        Assert.Equal(0.8, tuned.AbstainAtMost[0], Tolerance);
        Assert.Equal((0.8 * 0.2) + (0.2 * 0.2 / 2), tuned.Loss, Tolerance);
    }

    [Fact]
    public void Tune_EarlyAbstention_IsWorthWhatLastOnlyCannotSave()
    {
        var any = ChainTuner.Tune(Independent(0, 5), 0.01, AbstentionStages.Any, 0.2);
        var last = ChainTuner.Tune(Independent(0, 5), 0.01, AbstentionStages.LastOnly, 0.2);
        Assert.True(last.Loss > any.Loss + 1e-3, $"{last.Loss} {any.Loss}");
    }

    [Fact]
    public void Expect_Dependence_MovesProbabilityBetweenStages()
    {
        var chain = new ConfidenceChain([new ChainLink(Uniform, default, 1, 0), new ChainLink(Uniform, new GumbelCopula(2), 1, 0)]);
        var expected = chain.Expect([0.5], [double.NegativeInfinity, 0.5]);
        Assert.Equal(0.5 * 0.7504285, expected.Abstained, Tolerance);
    }

    [Fact]
    public void Expect_AnyThresholds_IsWithinWhatIsPossible() => Worlds.Sample(w =>
    {
        var (defer, abstain) = w.Thresholds();
        var expected = w.Chain.Expect(defer, abstain);
        Assert.InRange(expected.Abstained, -1e-9, 1 + 1e-9);
        Assert.InRange(expected.Correct, -1e-9, 1 - expected.Abstained + 1e-4);
        Assert.InRange(expected.CostUsd, w.Chain[0].CostUsd - 1e-9, Enumerable.Range(0, w.Chain.Length).Sum(i => w.Chain[i].CostUsd) + 1e-9);
    });

    /// <summary>A search from several starts may end in a worse valley; it must do so rarely, and not by much.</summary>
    [Fact]
    public void Tune_AnyChain_IsHardlyEverWorseThanAnyThresholds() => Behind(w =>
    {
        var (defer, abstain) = w.Thresholds();
        return ChainTuner.Tune(w.Chain, w.Price, AbstentionStages.Any, w.Penalty).Loss - w.Chain.Expect(defer, abstain).Loss(w.Price, w.Penalty);
    });

    [Fact]
    public void Tune_MoreFreedom_HardlyEverLoses() => Behind(w =>
        ChainTuner.Tune(w.Chain, w.Price, AbstentionStages.LastOnly, w.Penalty).Loss
        - ChainTuner.Tune(w.Chain, w.Price, AbstentionStages.Never, w.Penalty).Loss);

    /// <summary>The end of the box is the largest confidence itself: a threshold rounded below it would leave the point mass there out.</summary>
    [Fact]
    public void Tune_AbstainingIsFree_LosesNothing() => Worlds.Sample(
        w => Assert.InRange(ChainTuner.Tune(w.Chain, 0, AbstentionStages.Any, 0).Loss, -1e-6, 1e-6),
        iter: 300);

    [Fact]
    public void Tune_WrongNumbers_AreRefused()
    {
        var chain = Independent(1, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainTuner.Tune(chain, double.NaN, AbstentionStages.Never, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainTuner.Tune(chain, 1, AbstentionStages.None, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainTuner.Tune(chain, 1, AbstentionStages.Any, 2));
        Assert.Throws<ArgumentException>(() => chain.Expect([], []));
        Assert.Throws<ArgumentException>(() => new ConfidenceChain([]));
        Assert.Throws<ArgumentException>(() => Independent(-1, 5));
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (single, early, dependent, masses, inner) = (0, 0, 0, 0, 0);
        Worlds.Sample(
            w =>
            {
                var tuned = ChainTuner.Tune(w.Chain, w.Price, AbstentionStages.Any, w.Penalty);
                single += w.Chain.Length == 1 ? 1 : 0;
                dependent += w.Chain.Length > 1 && w.Chain[1].Dependence.Theta > 1 ? 1 : 0;
                masses += w.Chain[0].Confidence.MassAtMin > 0 ? 1 : 0;
                early += w.Chain.Length > 1 && !tuned.AbstainAtMost.IsEmpty && tuned.AbstainAtMost[0] > w.Chain[0].Confidence.Min ? 1 : 0;
                inner += tuned.DeferAtMost.Any(t => t > w.Chain[0].Confidence.Min + 0.01 && t < w.Chain[0].Confidence.Max - 0.01) ? 1 : 0;
            },
            iter: 400, threads: 1);
        Assert.True(single > 40 && early > 20 && dependent > 40 && masses > 40 && inner > 40, $"{single} {early} {dependent} {masses} {inner}");
    }

    private static ConfidenceChain Independent(double first, double second) =>
        new([new ChainLink(Uniform, default, first, 0), new ChainLink(Uniform, default, second, 0)]);

    private static void Behind(Func<World, double> loss)
    {
        var (worlds, behind) = (0, 0);
        Worlds.Sample(
            w =>
            {
                var lost = loss(w);
                worlds++;
                behind += lost > 2e-3 ? 1 : 0;
                Assert.True(lost < 0.2, $"{lost}");
            },
            iter: 300, threads: 1);
        Assert.True(behind <= 0.03 * worlds, $"{behind} of {worlds}");
    }

    private sealed record World(ConfidenceChain Chain, double Price, double Penalty, double[] Cuts)
    {
        public (double[] Defer, double[] Abstain) Thresholds()
        {
            var k = Chain.Length;
            var abstain = new double[k];
            var defer = new double[k - 1];
            for (var i = 0; i < k; i++)
            {
                abstain[i] = Cuts[2 * i] < 0.3 ? double.NegativeInfinity : Math.Min(Cuts[2 * i], Cuts[(2 * i) + 1]);
                if (i < k - 1)
                {
                    // Never going on is the shorter chain, which is tuned on its own.
                    defer[i] = Math.Max(Math.Max(Cuts[2 * i], Cuts[(2 * i) + 1]), Chain[i].Confidence.Min);
                }
            }

            return (defer, abstain);
        }
    }
}
