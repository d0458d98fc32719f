using System.Numerics;
using Cascade.Planning.CascadeRouting;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.CascadeRouting;

public sealed class SupersetWalkTests
{
    private static readonly double[][] Points =
        [.. Enumerable.Range(0, 256).Select(p => Enumerable.Range(0, 16).Select(d => QuasiNormalPoints.Of(256)[(d * 256) + p]).ToArray())];

    private static readonly Gen<RoutingCase> AtLeastThree = RoutingCase.Small.Where(c => BitOperations.PopCount((uint)(c.Answered | c.Open)) > 2);

    [Fact]
    public void BestSuperset_AnyCase_IsThatOfTheUnprunedSearch() => AtLeastThree.Sample(AssertSame);

    [Fact]
    public void BestSuperset_ElevenModels_IsThatOfTheUnprunedSearch() =>
        Gen.Int[0, 4].SelectMany(answered => RoutingCase.Fitted(11, answered)).Sample(AssertSame, iter: 8);

    [Fact]
    public void ExpectedMaximum_OverTheFixedPoints_IsMonotoneAndSubmodular() => AtLeastThree.Sample(c =>
    {
        var all = (1 << c.Size) - 1;
        var f = new ExhaustiveReference(Points).Search(c with { Answered = 0, Open = all, Price = 0, MaxCalls = c.Size }).Values;
        for (var set = 1; set <= all; set++)
        {
            for (var m = 0; m < c.Size; m++)
            {
                var with = set | (1 << m);
                Assert.True(f[with] >= f[set] - 1e-12);
                for (var other = 0; other < c.Size; other++)
                {
                    var wider = set | (1 << other);
                    Assert.True(f[wider | (1 << m)] - f[wider] <= f[with] - f[set] + 1e-12);
                }
            }
        }
    });

    [Fact]
    public void BestSuperset_Greedy_AddsAtMostOneModel() => AtLeastThree.Sample(c =>
    {
        var best = c.Search(ahead: 1);
        return BitOperations.PopCount((uint)(best & ~c.Answered)) <= 1 && (best & c.Answered) == c.Answered;
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (sizes, adds) = (new HashSet<int>(), new HashSet<int>());
        var (fresh, capped, singular, tied, free, infinite) = (0, 0, 0, 0, 0, 0);
        AtLeastThree.Sample(
            c =>
            {
                sizes.Add(c.Size);
                var best = c.Search();
                adds.Add(BitOperations.PopCount((uint)(best & ~c.Answered)));
                fresh += c.Answered == 0 ? 1 : 0;
                capped += BitOperations.PopCount((uint)c.Answered) >= c.MaxCalls ? 1 : 0;
                singular += Enumerable.Range(0, c.Size).Any(i => c.Covariance[i, i] == 0) ? 1 : 0;
                tied += c.Mean.Distinct().Count() < c.Size ? 1 : 0;
                free += c.CostUsd.Any(x => x == 0) ? 1 : 0;
                infinite += c.Price > 1e8 ? 1 : 0;
            },
            iter: 5_000, threads: 1);
        Assert.True(sizes.Count == 5 && adds.IsSupersetOf([0, 1, 2, 3]), $"sizes {string.Join(",", sizes)} adds {string.Join(",", adds)}");
        Assert.True(
            fresh > 300 && capped > 300 && singular > 100 && tied > 100 && free > 300 && infinite > 200,
            $"{fresh} fresh, {capped} capped, {singular} singular, {tied} tied, {free} free, {infinite} infinitely dear");
    }

    private static void AssertSame(RoutingCase c)
    {
        var (best, values) = new ExhaustiveReference(Points).Search(c);
        var found = c.Search();
        Assert.True(found == best, $"found {found:b} worth {values[found]:R}, best is {best:b} worth {values[best]:R}");
    }
}
