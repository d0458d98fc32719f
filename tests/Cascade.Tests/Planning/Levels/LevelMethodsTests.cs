using System.Collections.Immutable;
using Cascade.Planning.Levels;
using Cascade.Planning.Sweeps;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Levels;

public sealed class LevelMethodsTests
{
    private const double Tolerance = 1e-6;

    private static readonly Gen<Row[]> Rows = Gen.Int[1, 60].SelectMany(n => Gen.Select(
        Gen.OneOf(Gen.Int[0, 4].Select(i => i / 4.0), Gen.Double[0, 1]),
        Gen.OneOf(Gen.Int[0, 1].Select(i => (double)i), Gen.Double[0, 1]),
        Gen.OneOf(Gen.Int[0, 1].Select(i => (double)i), Gen.Double[0, 1]),
        Gen.OneOf(Gen.Const(0.0), Gen.Double[1, 50]),
        (s, low, high, cost) => new Row(s, low, high, cost)).Array[n]);

    [Fact]
    public void T4_1_Delta_HasTheKnownValue() =>
        Assert.Equal(28.9473684, IncrementalBenefit.Delta((0.4, 1), (0.6, 50), (0.5, 20)), Tolerance);

    [Fact]
    public void T4_2_Delta_OnTheLine_IsNothing() => Assert.Equal(0, IncrementalBenefit.Delta((0.4, 1), (0.6, 50), (0.45, 13.25)), Tolerance);

    [Theory]
    [InlineData(0.0009, "011")]
    [InlineData(0.0011, "010")]
    [InlineData(0.0059, "010")]
    [InlineData(0.0061, "000")]
    public void T4_3_Optimal_AtAPrice_EscalatesWhatIsWorthIt(double price, string expected)
    {
        // Twenty rows a level, whose mean benefits are −0.1, 0.3 and 0.05.
        var rows = new List<Row>();
        for (var i = 0; i < 20; i++)
        {
            rows.Add(new Row(0, i < 2 ? 1 : 0, 0, 50));
            rows.Add(new Row(0.5, 0, i < 6 ? 1 : 0, 50));
            rows.Add(new Row(1, 0, i < 1 ? 1 : 0, 50));
        }

        var table = Table([.. rows], 1);
        Assert.Equal(expected, Flags(Best(table, LevelMethods.Propose(table, LevelMethod.Optimal), price)));
    }

    [Fact]
    public void Delta_WhereItIsNotDefined_IsNotANumber()
    {
        Assert.Equal(double.NaN, IncrementalBenefit.Delta((0.4, 1), (0.4, 50), (0.4, 20)));
        Assert.Equal(double.NaN, IncrementalBenefit.Delta((0.4, 1), (0.6, 50), (0.4, 1)));
    }

    [Fact]
    public void Published_TinyEscalation_DoesNotWin()
    {
        // One row of a hundred gains for next to no money: its ΔIBC dwarfs every other, and it escalates too little to count.
        var rows = Enumerable.Range(0, 100).Select(i => i == 0 ? new Row(0, 0, 1, 1e-6) : new Row(i < 50 ? 0.5 : 1, i < 50 ? 0 : 1, i < 30 ? 1 : 0.5, 1)).ToArray();
        var table = Table(rows, 0.1);
        var published = LevelMethods.Published(table, LevelMethod.CompatThreshold, 0.1);
        Assert.NotNull(published);
        Assert.True(table.Expect(published.Value.AsSpan()).EscalationRate >= IncrementalBenefit.MinEscalationRate);
    }

    [Fact]
    public void Propose_Optimal_IsTheBestOfAllSubsetsAtEveryPrice() => Gen.Select(Rows, Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 0.5])).Sample((rows, price) =>
    {
        var table = Table(rows, 1);
        var best = Value(table, Best(table, LevelMethods.Propose(table, LevelMethod.Optimal), price), price);
        var brute = Subsets(table.Levels.Length).Max(set => Value(table, set, price));
        Assert.Equal(brute, best, 1e-9);
    });

    [Fact]
    public void Propose_Pomdp_IsTheArgmaxOfItsTable() => Rows.Sample(rows =>
    {
        var table = Table(rows, 1);
        var sets = LevelMethods.Propose(table, LevelMethod.CompatPomdp).Select(s => Flags(s)).ToHashSet();
        var expected = Enumerable.Range(0, LevelMethods.PomdpRewards)
            .Select(r => string.Concat(table.Levels.Select(l => EscalatesByPosterior(l, r) ? '1' : '0'))).ToHashSet();
        Assert.Equal(expected, sets);
    });

    [Fact]
    public void Propose_Pomdp_KeepsWhatIsHopelessOrGood()
    {
        Row[] rows =
        [
            .. Enumerable.Repeat(new Row(0, 0, 0, 1), 40), .. Enumerable.Repeat(new Row(0.5, 0, 1, 1), 40), .. Enumerable.Repeat(new Row(1, 1, 1, 1), 40),
        ];
        Assert.Contains("010", LevelMethods.Propose(Table(rows, 1), LevelMethod.CompatPomdp).Select(s => Flags(s)));
    }

    [Fact]
    public void Propose_Thresholds_AreTheirFamilies()
    {
        Row[] rows = [new(0, 0, 1, 1), new(0.5, 0, 1, 1), new(1, 1, 1, 1)];
        var table = Table(rows, 1);
        Assert.Equal(["000", "100", "110", "111"], LevelMethods.Propose(table, LevelMethod.CompatThreshold).Select(s => Flags(s)));
        Assert.Equal(
            ["000", "001", "010", "011", "100", "110", "111"],
            LevelMethods.Propose(table, LevelMethod.CompatDoubleThreshold).Select(s => Flags(s)).Order(StringComparer.Ordinal));
        Assert.Throws<ArgumentOutOfRangeException>(() => LevelMethods.Propose(table, LevelMethod.None));
    }

    [Fact]
    public void Propose_Greedy_AddsOneLevelAtATime() => Rows.Sample(rows =>
    {
        var sets = LevelMethods.Propose(Table(rows, 1), LevelMethod.CompatGreedy).Select(s => Flags(s)).ToArray();
        Assert.Equal(Enumerable.Range(0, sets.Length), sets.Select(s => s.Count(c => c == '1')));
    });

    [Fact]
    public void Of_AnyRows_KeepsTheirTotals() => Rows.Sample(rows =>
    {
        var table = Table(rows, 1);
        Assert.InRange(table.Levels.Length, 1, LevelTable.MaxLevels);
        Assert.Equal(table.Levels.Length - 1, table.Boundaries.Length);
        Assert.Equal(1, table.Levels.Sum(l => l.Share), 1e-9);
        var all = table.Expect(Enumerable.Repeat(true, table.Levels.Length).ToArray());
        Assert.Equal(rows.Average(r => r.High), all.Quality, 1e-9);
        Assert.Equal(1 + rows.Average(r => r.Cost), all.CostUsd, 1e-9);
        Assert.Equal(1, all.EscalationRate, 1e-9);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (cut, single, harmful, free) = (0, 0, 0, 0);
        Rows.Sample(
            rows =>
            {
                var table = Table(rows, 1);
                cut += rows.Select(r => r.Score).Distinct().Count() > LevelTable.MaxLevels ? 1 : 0;
                single += table.Levels.Length == 1 ? 1 : 0;
                harmful += table.Levels.Any(l => l.Benefit < 0) && table.Levels.Any(l => l.Benefit > 0) ? 1 : 0;
                free += table.Levels.Any(l => l.HighCostUsd == 0) ? 1 : 0;
            },
            iter: 2_000, threads: 1);
        Assert.True(cut > 200 && single > 10 && harmful > 300 && free > 30, $"{cut} {single} {harmful} {free}");
    }

    private static bool EscalatesByPosterior(ScoreLevel level, int reward)
    {
        double total = level.Needy + level.Good + level.Hopeless;
        if (total == 0)
        {
            return false;
        }

        var (needy, good, hopeless) = (level.Needy / total, level.Good / total, level.Hopeless / total);
        var keep = (needy * -reward) + (good * 0) + (hopeless * (-reward - 1));
        var escalate = (needy * -100) + (good * -100) + (hopeless * (-reward - 100));
        return escalate > keep + 1e-9;
    }

    private static ImmutableArray<bool> Best(LevelTable table, IEnumerable<ImmutableArray<bool>> sets, double price) =>
        sets.MaxBy(set => Value(table, set, price));

    private static double Value(LevelTable table, ImmutableArray<bool> set, double price)
    {
        var (quality, cost, _) = table.Expect(set.AsSpan());
        return quality - (price * cost);
    }

    private static IEnumerable<ImmutableArray<bool>> Subsets(int levels) =>
        Enumerable.Range(0, 1 << levels).Select(bits => Enumerable.Range(0, levels).Select(i => (bits >> i & 1) == 1).ToImmutableArray());

    private static string Flags(ImmutableArray<bool> set) => string.Concat(set.Select(f => f ? '1' : '0'));

    private static LevelTable Table(Row[] rows, double lowCost) => LevelTable.Of(new PairRows
    {
        Scores = Array.ConvertAll(rows, r => r.Score),
        LowQuality = Array.ConvertAll(rows, r => r.Low),
        HighQuality = Array.ConvertAll(rows, r => r.High),
        LowCostUsd = Array.ConvertAll(rows, _ => lowCost),
        HighCostUsd = Array.ConvertAll(rows, r => r.Cost),
    });

    private readonly record struct Row(double Score, double Low, double High, double Cost);
}
