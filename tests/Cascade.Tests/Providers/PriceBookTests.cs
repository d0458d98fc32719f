using Cascade.Providers.Pricing;
using Cascade.Tests.Configuration;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed class PriceBookTests
{
    private static readonly DateTimeOffset Change = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Read_TheExampleOfTheDocs_GivesEveryPriceItNames()
    {
        var book = Read(RepositoryFiles.Read("docs/formats/prices.example.yaml"));

        Assert.Equal(
            ["anthropic/medium@eu", "google/medium#priority", "openai/large", "openai/small"], book.Entries.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(
            new PriceList(new TokenPrices(150_000_000, 600_000_000) { CachedInput = 75_000_000 }) { Label = "openai/small" },
            book.Entries["openai/small"].At(Change));
        Assert.Equal(
            new PriceList(new TokenPrices(3_000_000_000, 15_000_000_000) { CachedInput = 300_000_000, CacheWrite = 3_750_000_000 })
            {
                Label = "anthropic/medium@eu",
                ToolCallNanos = 10_000_000,
                Tiers =
                [
                    new PriceTier(200_000, new TokenPrices(6_000_000_000, 22_500_000_000) { CachedInput = 600_000_000, CacheWrite = 7_500_000_000 }),
                ],
            },
            book.Entries["anthropic/medium@eu"].At(Change));
        Assert.Equal(
            new PriceList(new TokenPrices(1_250_000_000, 10_000_000_000) { ImageInput = 1_500_000_000, Reasoning = 12_000_000_000 })
            {
                Label = "google/medium#priority",
                RequestNanos = 100_000,
                ImageNanos = 500_000,
                TierRule = TierRule.PartAbove,
                Tiers = [new PriceTier(128_000, new TokenPrices(2_500_000_000, 15_000_000_000))],
            },
            book.Entries["google/medium#priority"].At(Change));
    }

    [Fact]
    public void At_TheMomentOfAChange_PaysTheNewPriceAndOneTickBeforeTheOld()
    {
        var large = Read(RepositoryFiles.Read("docs/formats/prices.example.yaml")).Entries["openai/large"];

        Assert.Equal(2_500_000_000, large.At(Change.AddTicks(-1))!.Tokens.Input);
        Assert.Equal(2_000_000_000, large.At(Change)!.Tokens.Input);
        Assert.Equal("openai/large from 2026-07-01T00:00:00Z", large.At(Change)!.Label);
        Assert.Equal("openai/large", large.At(Change.AddTicks(-1))!.Label);
    }

    [Fact]
    public void At_BeforeTheFirstPrice_IsUnpriced() =>
        Assert.Null(Read(Book("{provider: a, model: m, from: 2026-07-01T00:00:00Z, input: 1, output: 1}")).Entries["a/m"].At(Change.AddTicks(-1)));

    [Fact]
    public void Read_Json_IsReadToo()
    {
        var book = Read("""{"format": "cascade.prices", "version": 1, "prices": [{"provider": "a", "model": "m", "input": 1e-3, "output": 2}]}""");

        Assert.Equal(1_000_000, book.Entries["a/m"].At(Change)!.Tokens.Input);
    }

    [Fact]
    public void Read_SeveralFiles_AreOneBook()
    {
        var reading = PriceBookReader.Read(
            ("one", Book("{provider: a, model: m, input: 1, output: 1}")),
            ("two", Book("{provider: a, model: m, from: 2026-07-01T00:00:00+02:00, input: 2, output: 1}")));

        Assert.Empty(reading.Problems);
        Assert.Equal(2, reading.Book!.Entries["a/m"].Steps.Length);
    }

    public static TheoryData<string, string> OneWrong => new()
    {
        { "{provider: a, model: m, output: 1}", "book:4: input is missing" },
        { "{provider: a, input: 1, output: 1}", "book:4: model is missing" },
        { "{provider: a, model: m, input: cheap, output: 1}", "book:4: input is 'cheap'" },
        { "{provider: a, model: m, input: -1, output: 1}", "book:4: input is negative" },
        { "{provider: a, model: m, input: 0.0000000001, output: 1}", "more than 9 decimals" },
        { "{provider: a, model: m, input: 1000001, output: 1}", "more than any provider charges" },
        { "{provider: a, model: m, input: 1, output: 1, request: 1001}", "request is more than any provider charges" },
        { "{provider: a, model: m, input: 1, output: 1, inputs: 1}", "'inputs' is no known key" },
        { "{provider: a, model: m, input: [1], output: 1}", "input is no single value" },
        { "{provider: a, model: m, from: 2026-07-01, input: 1, output: 1}", "from is '2026-07-01'; write a moment with its offset" },
        { "{provider: a, model: m, from: '2026-07-01T00:00:00', input: 1, output: 1}", "write a moment with its offset" },
        { "{provider: a, model: m@x, input: 1, output: 1}", "cannot hold '@'" },
        { "{provider: a, model: m, input: 1, output: 1, tiers: [{above: 5, input: 1, output: 1}]}", "tiers has no tierRule" },
        { "{provider: a, model: m, input: 1, output: 1, tierRule: all, tiers: [{above: 5, input: 1, output: 1}]}", "tierRule is 'all'" },
        { "{provider: a, model: m, input: 1, output: 1, tierRule: whole-call, tiers: [{above: 5, input: 1, output: 1}, {above: 5, input: 1, output: 1}]}", "not more than the tier before it" },
        { "{provider: a, model: m, input: 1, output: 1, tierRule: whole-call, tiers: [{above: 0, input: 1, output: 1}]}", "above is missing or no whole number above 0" },
        { "{provider: a, model: m, input: 1, output: 1, tierRule: whole-call, tiers: 5}", "tiers is no list" },
        { "{provider: a, model: m, input: 1, output: 1}\n  - {provider: a, model: m, input: 2, output: 1}", "book:5: 'a/m' has other prices from the same moment at book:4" },
        { "5", "book:4: is no entry" },
        { "{", "is neither YAML nor JSON" },
    };

    [Theory]
    [MemberData(nameof(OneWrong))]
    public void Read_OneMistake_IsReportedWithItsLineAndGivesNoBook(string entry, string problem)
    {
        var reading = PriceBookReader.Read(("book", Book(entry)));

        Assert.Null(reading.Book);
        Assert.Contains(reading.Problems, each => each.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "is not one document")]
    [InlineData("[]", "is not one document")]
    [InlineData("format: other\nversion: 1\nprices: []", "format is 'other'")]
    [InlineData("format: cascade.prices\nversion: 2\nprices: []", "version is '2'")]
    [InlineData("format: cascade.prices\nversion: 1", "prices is missing")]
    public void Read_NotAPriceFile_SaysSo(string text, string problem) =>
        Assert.Contains(PriceBookReader.Read(("book", text)).Problems, each => each.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void Read_ManyMistakesInSeveralFiles_AreReportedAtOnce()
    {
        var reading = PriceBookReader.Read(
            ("one", Book("{provider: a, input: x, output: 1}")), ("two", Book("{provider: b, model: m, input: 1, output: 1, reasonin: 3}")));

        Assert.Equal(3, reading.Problems.Length);
    }

    private static string Book(string entry) => $"format: cascade.prices\nversion: 1\nprices:\n  - {entry}\n";

    private static PriceBook Read(string text)
    {
        var reading = PriceBookReader.Read(("book", text));
        Assert.Empty(reading.Problems);
        return reading.Book!;
    }
}
