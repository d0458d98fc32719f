using Cascade.Planning.Pacing;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

public sealed class CostDriftTests
{
    [Fact]
    public void Factor_BeforeAnyCall_IsOne() => Assert.Equal(1, CostDrift.Default.Factor(default));

    [Fact]
    public void Factor_OneCall_IsDrawnToOneByThePrior() =>
        Assert.Equal((20 + 3) / (20 + 1.0), CostDrift.Default.Factor(CostDrift.Default.Observe(default, 0.01, 0.03)), 12);

    [Theory]
    [InlineData(2)]
    [InlineData(0.25)]
    public void Factor_ManyCalls_ApproachesTheRatio(double ratio)
    {
        var drift = CostDrift.Default;
        var state = default(CostDriftState);
        for (var i = 0; i < 2_000; i++)
        {
            state = drift.Observe(state, 1 + (i % 7), ratio * (1 + (i % 7)));
        }

        Assert.Equal((20 + (100 * ratio)) / 120, drift.Factor(state), 1e-6);
    }

    [Fact]
    public void Factor_PriceFallsAgain_Forgets()
    {
        var drift = CostDrift.Default;
        var state = default(CostDriftState);
        for (var i = 0; i < 1_000; i++)
        {
            state = drift.Observe(state, 1, i < 500 ? 3 : 1);
        }

        Assert.InRange(drift.Factor(state), 1, 1.02);
    }
}
