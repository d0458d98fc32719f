using System.Globalization;
using Cascade.Planning.Estimation;
using Cascade.Planning.Features;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Routing;

public sealed class HashedTextFeaturesTests
{
    private static readonly FeatureSpec Fitted = new FeatureSpec { Buckets = 64, WordGrams = 2, LongestCharGram = 4, MaxGrams = 50, MaxCharacters = 40 }
        .FitTo(RoutingTables.TwoKinds(20, withTask: true));

    private static readonly string[] Words = ["a", "b ", "Ä", "東", "😀", "7", "\n", "x+1 "];

    private static readonly Gen<string> Texts = Gen.Frequency(
        (1, Gen.Const("")),
        (1, Gen.Const(" \t\n ")),
        (2, Gen.String[Gen.Char['\ud7f0', '\ue010'], 0, 12]),
        (4, Gen.String[Gen.Char[' ', '~'], 0, 90]),
        (2, Gen.OneOf([.. Words.Select(word => Gen.Const(word))]).Array[0, 60].Select(parts => string.Concat(parts))));

    [Fact]
    public void Extract_KnownText_HasTheVectorOfEveryOtherProcess()
    {
        var entries = Extract(new FeatureSpec { Buckets = 1024 }, "The cat saw 2 cats.");

        Assert.Equal(
            [
                "205 0.408248",
                "334 -0.408248",
                "468 -0.408248",
                "531 0.408248",
                "817 -0.408248",
                "958 0.408248",
            ],
            entries.OrderBy(e => e.Index).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Index} {e.Value:F6}")));
    }

    [Fact]
    public void Extract_TurkishCulture_IsTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        var here = Extract(Fitted, "TITLE IN I 1,5");
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
            Assert.Equal(here, Extract(Fitted, "TITLE IN I 1,5"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("Red  house\n", "red house")]
    [InlineData("ÄRGER", "ärger")]
    public void Extract_WritingThatDoesNotCount_IsTheSame(string one, string other) =>
        Assert.Equal(Extract(new FeatureSpec(), one), Extract(new FeatureSpec(), other));

    [Fact]
    public void Extract_UnpairedSurrogate_IsTheReplacementCharacter() =>
        Assert.Equal(Extract(new FeatureSpec(), "a\ud800b"), Extract(new FeatureSpec(), "a\ufffdb"));

    [Theory]
    [InlineData("red house", "house red")]
    [InlineData("f(x)", "f x")]
    [InlineData("é", "e\u0301")]
    public void Extract_WritingThatCounts_Differs(string one, string other) =>
        Assert.NotEqual(Extract(new FeatureSpec { WordGrams = 2 }, one), Extract(new FeatureSpec { WordGrams = 2 }, other));

    [Fact]
    public void Extract_NothingKnown_IsEmpty()
    {
        var features = new HashedTextFeatures(Fitted);

        var count = features.Extract(
            new QueryFacts { Task = "never seen", InputTokens = double.NaN }, new int[features.MaxEntries], new double[features.MaxEntries]);

        Assert.Equal(0, count);
    }

    [Fact]
    public void Extract_MoreThanTheLimit_ReadsTheBeginning()
    {
        var spec = new FeatureSpec { MaxCharacters = 20, MaxGrams = 3 };

        Assert.Equal(Extract(spec, "one two three"), Extract(spec, "one two three four five six"));
        Assert.Equal(3, Extract(spec, "one two three four five six").Count);
        Assert.Equal(Extract(spec with { MaxGrams = 9 }, "aaaa bbbb cccc dddd e"), Extract(spec with { MaxGrams = 9 }, "aaaa bbbb cccc dddd eeee"));
    }

    [Fact]
    public void Extract_AnyText_IsWithinItsContract() => Texts.Sample(text =>
    {
        var features = new HashedTextFeatures(Fitted);
        var entries = Extract(Fitted, text);
        var length = Math.Sqrt(entries.Where(e => e.Index < Fitted.Buckets).Sum(e => e.Value * e.Value));
        return entries.Count <= features.MaxEntries
            && entries.Select(e => e.Index).Distinct().Count() == entries.Count
            && entries.All(e => e.Index >= 0 && e.Index < features.Dimension && double.IsFinite(e.Value) && e.Value != 0)
            && (length == 0 || Math.Abs(length - 1) < 1e-9);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (empty, broken, cut, cancelled, wide) = (0, 0, 0, 0, 0);
        Texts.Sample(
            text =>
            {
                empty += string.IsNullOrWhiteSpace(text) ? 1 : 0;
                broken += text.EnumerateRunes().Any(r => r.Value == 0xfffd) ? 1 : 0;
                cut += text.Length > 40 ? 1 : 0;
                wide += text.Any(c => c > 127) ? 1 : 0;
                cancelled += !string.IsNullOrWhiteSpace(text) && Extract(Fitted, text).Count(e => e.Index < 64) < 3 ? 1 : 0;
            },
            iter: 2_000, threads: 1);

        Assert.All([empty, broken, cut, cancelled, wide], n => Assert.InRange(n, 20, 1_990));
    }

    [Fact]
    public void Extract_WarmPool_AllocatesNothing()
    {
        var features = new HashedTextFeatures(Fitted);
        var (indexes, values) = (new int[features.MaxEntries], new double[features.MaxEntries]);
        var facts = new QueryFacts { Text = "compute 3 + 4 of the ÄPFEL", Task = "sums", InputTokens = 5 };
        features.Extract(facts, indexes, values);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            features.Extract(facts, indexes, values);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Constructor_ManyBadChoices_NamesEachWithItsRepair()
    {
        var bad = new FeatureSpec { Buckets = 1000, WordGrams = 4, MaxGrams = 0, TextWeight = double.NaN, ShortestCharGram = 5, LongestCharGram = 4 };

        var message = Assert.Throws<ArgumentException>(() => new HashedTextFeatures(bad)).Message;

        Assert.All(
            ["Buckets is 1000; give a power of two", "WordGrams is 4", "MaxGrams is 0", "TextWeight is NaN", "ShortestCharGram is 5"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Extract_ShortSpan_Throws() => Assert.Throws<ArgumentException>(() => new HashedTextFeatures(Fitted).Extract(new QueryFacts { Text = "a" }, [], []));

    private static List<(int Index, double Value)> Extract(FeatureSpec spec, string text)
    {
        var features = new HashedTextFeatures(spec);
        var (indexes, values) = (new int[features.MaxEntries], new double[features.MaxEntries]);
        var count = features.Extract(new QueryFacts { Text = text, InputTokens = double.NaN }, indexes, values);
        return [.. Enumerable.Range(0, count).Select(i => (indexes[i], values[i]))];
    }
}
