using Cascade.Planning.Copulas;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Copulas;

public sealed class KendallTauTests
{
    private static readonly Gen<(double X, double Y)[]> Rows = Gen.Int[1, 40].SelectMany(n => Gen.Select(
        Gen.OneOf(Gen.Int[0, 4].Select(i => (double)i), Gen.Double[-1, 1]),
        Gen.OneOf(Gen.Int[0, 4].Select(i => (double)i), Gen.Double[-1, 1])).Array[n]);

    [Fact]
    public void Of_KnownRanks_IsTheKnownValue()
    {
        Assert.Equal(1, KendallTau.Of([1, 2, 3], [10, 20, 30]));
        Assert.Equal(-1, KendallTau.Of([1, 2, 3], [3, 2, 1]));
        Assert.Equal(double.NaN, KendallTau.Of([1, 1], [1, 2]));
        Assert.Equal(double.NaN, KendallTau.Of([1], [1]));
    }

    [Fact]
    public void Of_AnyRows_IsTheCountOfPairs() => Rows.Sample(rows =>
    {
        var tau = KendallTau.Of(Array.ConvertAll(rows, r => r.X), Array.ConvertAll(rows, r => r.Y));
        Assert.Equal(Counted(rows), tau, 1e-9);
    });

    [Fact]
    public void Of_WrongColumns_NamesThem()
    {
        var error = Assert.Throws<ArgumentException>(() => KendallTau.Of([1, double.NaN], [1]));
        Assert.Contains("x[1] is NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("y has 1 values where 2 are needed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (undefined, tied, negative, positive) = (0, 0, 0, 0);
        Rows.Sample(
            rows =>
            {
                var tau = Counted(rows);
                undefined += double.IsNaN(tau) ? 1 : 0;
                negative += tau < -0.1 ? 1 : 0;
                positive += tau > 0.1 ? 1 : 0;
                tied += rows.Distinct().Count() < rows.Length ? 1 : 0;
            },
            iter: 3_000, threads: 1);
        Assert.True(undefined > 30 && tied > 300 && negative > 300 && positive > 300, $"{undefined} {tied} {negative} {positive}");
    }

    private static double Counted((double X, double Y)[] rows)
    {
        var (agree, x, y) = (0.0, 0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                agree += Math.Sign(rows[i].X - rows[j].X) * Math.Sign(rows[i].Y - rows[j].Y);
                x += rows[i].X == rows[j].X ? 0 : 1;
                y += rows[i].Y == rows[j].Y ? 0 : 1;
            }
        }

        return x > 0 && y > 0 ? agree / Math.Sqrt(x * y) : double.NaN;
    }
}
