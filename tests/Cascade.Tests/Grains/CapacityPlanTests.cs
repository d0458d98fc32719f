using Cascade.Grains.Endpoints;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class CapacityPlanTests
{
    private static readonly Gen<(int Capacity, int[] Wanted)> Demand = Gen.Select(
        Gen.OneOf(Gen.Const(0), Gen.Int[1, 20], Gen.Int[21, 1_000]),
        Gen.OneOf(Gen.Const(0), Gen.Int[1, 10], Gen.Int[1, 2_000], Gen.Const(int.MaxValue)).Array[0, 6]);

    [Theory]
    [InlineData(10, new[] { 4, 4 }, new[] { 4, 4 })]
    [InlineData(10, new[] { 20, 20 }, new[] { 5, 5 })]
    [InlineData(10, new[] { 2, 20, 20 }, new[] { 2, 4, 4 })]
    [InlineData(10, new[] { 20, 20, 20 }, new[] { 4, 3, 3 })]
    [InlineData(2, new[] { 5, 5, 5 }, new[] { 1, 1, 0 })]
    [InlineData(10, new[] { 0, 7 }, new[] { 0, 7 })]
    [InlineData(0, new[] { 3, 3 }, new[] { 0, 0 })]
    [InlineData(5, new int[0], new int[0])]
    public void Share_Examples(int capacity, int[] wanted, int[] expected) => Assert.Equal(expected, CapacityPlan.Share(capacity, wanted));

    [Fact]
    public void Share_NeverExceedsTheCapacityOrTheWants() => Demand.Sample(d =>
    {
        var shares = CapacityPlan.Share(d.Capacity, d.Wanted);
        Assert.All(shares.Zip(d.Wanted), s => Assert.InRange(s.First, 0, s.Second));
        Assert.True(shares.Sum(s => (long)s) <= d.Capacity);
    });

    [Fact]
    public void Share_LeavesNothingThatSomebodyWants() => Demand.Sample(d =>
        Assert.Equal(Math.Min(d.Capacity, d.Wanted.Sum(w => (long)w)), CapacityPlan.Share(d.Capacity, d.Wanted).Sum(s => (long)s)));

    [Fact]
    public void Share_WhoWantsMore_HasAtMostOneLessThanAnybody() => Demand.Sample(d =>
    {
        var shares = CapacityPlan.Share(d.Capacity, d.Wanted);
        for (var i = 0; i < shares.Length; i++)
        {
            if (shares[i] < d.Wanted[i])
            {
                Assert.True(shares[i] + 1 >= shares.Max(), $"{shares[i]} of {d.Wanted[i]} while another has {shares.Max()}");
            }
        }
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        Demand.Sample(
            d =>
            {
                var total = d.Wanted.Sum(w => (long)w);
                var few = d.Capacity > 0 && d.Wanted.Count(w => w > 0) > d.Capacity;
                seen.Add(d.Wanted.Length == 0 ? "nobody" : total <= d.Capacity ? "enough for all" : few ? "fewer than holders" : "short");
                seen.Add(d.Capacity == 0 ? "no capacity" : "capacity");
                seen.Add(d.Wanted.Contains(int.MaxValue) ? "unbounded" : "bounded");
                var fair = d.Capacity / Math.Max(1, d.Wanted.Length);
                seen.Add(total > d.Capacity && d.Wanted.Any(w => w > 0 && w < fair) ? "passes on what it does not want" : "even");
            },
            iter: 1_000,
            threads: 1);
        Assert.Equal(
            [
                "bounded", "capacity", "enough for all", "even", "fewer than holders", "no capacity", "nobody",
                "passes on what it does not want", "short", "unbounded",
            ],
            seen.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(10, 6, 0, 6)]
    [InlineData(10, 6, 7, 3)]
    [InlineData(10, 6, 10, 0)]
    [InlineData(10, 6, 12, 0)]
    public void Grant_IsTheFairShareButNoMoreThanTheOthersLeave(int capacity, int fairShare, int heldByOthers, int expected) =>
        Assert.Equal(expected, CapacityPlan.Grant(capacity, fairShare, heldByOthers));
}
