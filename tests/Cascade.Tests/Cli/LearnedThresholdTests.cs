using Cascade.Cli.Calibrating;
using Cascade.Planning;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class LearnedThresholdTests
{
    private const double Delta = 0.1;

    [Fact]
    public void LearnThenTestThreshold_NothingCanBeVouchedFor_IsNone() =>
        Assert.Null(Guarantee.LearnThenTestThreshold([0.2, 0.5, 0.8], [0, 0, 0], 0.1, Delta));

    [Fact]
    public void LearnThenTestThreshold_NoRows_IsNone() => Assert.Null(Guarantee.LearnThenTestThreshold([], [], 0.1, Delta));

    [Fact]
    public void LearnThenTestThreshold_NoRegretAnywhere_KeepsEverything() =>
        Assert.Equal(0, Guarantee.LearnThenTestThreshold(Even(2000), new double[2000], 0.1, Delta));

    [Fact]
    public void LearnThenTestThreshold_SomeAccepted_IsTheLastAcceptedByHoeffding()
    {
        var scores = Even(1000);

        // α − √(ln(1/δ)/2n) = 0.166 of regret is vouched for: 0.16 at 0.34, and 0.17 at 0.33 is too much.
        var threshold = Guarantee.LearnThenTestThreshold(scores, Array.ConvertAll(scores, s => s < 0.5 ? 1.0 : 0), 0.2, Delta);

        Assert.Equal(0.34, threshold!.Value, 1e-9);
    }

    [Fact]
    public void LearnThenTestThreshold_ManyCalibrations_ExceedTheRiskAtMostAsOftenAsPromised()
    {
        const int Worlds = 400, Rows = 400;
        const double Risk = 0.25;
        double[] levels = [0.105, 0.305, 0.505, 0.705, 0.905];
        var random = new SplitMix64(11);
        var (violations, useful) = (0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var (scores, regrets) = (new double[Rows], new double[Rows]);
            for (var i = 0; i < Rows; i++)
            {
                scores[i] = levels[random.Below(levels.Length)];
                regrets[i] = random.Unit() > scores[i] ? 1 : 0;
            }

            var threshold = Guarantee.LearnThenTestThreshold(scores, regrets, Risk, Delta) ?? double.PositiveInfinity;
            var risk = levels.Where(level => level >= threshold).Sum(level => (1 - level) / levels.Length);
            violations += risk > Risk ? 1 : 0;
            useful += threshold < 0.5 ? 1 : 0;
        }

        Assert.InRange(violations, 0, (int)(Delta * Worlds));
        Assert.InRange(useful, Worlds / 4, Worlds);
    }

    private static double[] Even(int rows) => [.. Enumerable.Range(0, rows).Select(i => (i + 0.5) / rows)];
}
