using Cascade.Budgets;
using Cascade.Grains.Budgets;
using Cascade.Storage.Journal;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class JournalTotalsTests
{
    [Fact]
    public void Of_NothingWritten_IsNothing()
    {
        var totals = Of();

        Assert.Equal(Money.Zero, totals.Settled);
        Assert.Empty(totals.Unconfirmed);
    }

    [Fact]
    public void Of_EndedCalls_SumsTheirCostsAndForgetsTheVoided()
    {
        var totals = Of(Intent("a", 10), Settle("a", 7), Intent("b", 10), Void("b"), Intent("c", 10), Settle("c", 12));

        Assert.Equal(19, totals.Settled.Nanos);
        Assert.Empty(totals.Unconfirmed);
    }

    [Fact]
    public void Of_CallsAboveTheirBounds_SumsTheExcessOfThoseOnly()
    {
        var totals = Of(Intent("a", 10), Settle("a", 17), Intent("b", 10), Settle("b", 2), Settle("c", 50));

        Assert.Equal(new Money(7), totals.Overrun);
    }

    [Fact]
    public void Of_MoreEndpointsThanALeaseTellsApart_CountsTheLastTogetherSoThatItCanBeClosed()
    {
        var endpoints = LedgerLimits.MaxModels + 50;
        var totals = Of([.. Enumerable.Range(0, endpoints).SelectMany(static i => new[] { Intent($"a{i}", 10) with { Endpoint = $"m{i:D3}" }, Settle($"a{i}", 7) })]);

        Assert.Equal(LedgerLimits.MaxModels, totals.ByModel.Length);
        Assert.Equal((new Money(7 * 51), 51L), totals.ByModel.Where(static m => m.Endpoint.Length == 0).Select(static m => (m.Settled, m.Attempts)).Single());
        Assert.Equal(new Money(7 * endpoints), new Money(totals.ByModel.Sum(static m => m.Settled.Nanos)));
        Assert.Equal(totals.ByModel.OrderBy(static m => m.Endpoint, StringComparer.Ordinal), totals.ByModel);
    }

    [Fact]
    public void Of_Endpoints_AreThoseOfTheIntents()
    {
        var totals = Of(
            Intent("a", 10) with { Endpoint = "mini" },
            Settle("a", 7) with { InputTokens = 100, OutputTokens = 20, CachedTokens = 30, ReasoningTokens = 5 },
            Intent("b", 10) with { Endpoint = "big" },
            Intent("c", 10) with { Endpoint = "mini" },
            Settle("c", 2));

        var model = Assert.Single(totals.ByModel);
        Assert.Equal(("mini", new Money(9), 2L, new TokenCounts(100, 20, 30, 5)), (model.Endpoint, model.Settled, model.Attempts, model.Tokens));
        Assert.Equal("big", Assert.Single(totals.Unconfirmed).Endpoint);
    }

    [Fact]
    public void Of_OpenIntents_AreUnconfirmedUpToTheirBound()
    {
        var totals = Of(Intent("b", 20), Intent("a", 10), Intent("c", 5), Settle("c", 5));

        Assert.Equal(5, totals.Settled.Nanos);
        Assert.Equal([Cost("a", 0, 10), Cost("b", 0, 20)], totals.Unconfirmed);
    }

    [Fact]
    public void Of_EveryEntryWrittenTwice_CountsOnce()
    {
        JournalEntry[] once =
            [Intent("a", 10), Settle("a", 7), Intent("b", 10), Void("b"), Intent("c", 10), Unconfirmed("c", 2, 9), Intent("d", 4)];

        var totals = Of([.. once.SelectMany(e => new[] { e, e })]);

        Assert.Equal(7, totals.Settled.Nanos);
        Assert.Equal([Cost("c", 2, 9), Cost("d", 0, 4)], totals.Unconfirmed);
    }

    [Fact]
    public void Of_UnconfirmedThenSettled_CountsTheCost()
    {
        var totals = Of(Intent("a", 10), Unconfirmed("a", 0, 10), Settle("a", 6), Unconfirmed("a", 0, 10));

        Assert.Equal(6, totals.Settled.Nanos);
        Assert.Empty(totals.Unconfirmed);
    }

    [Fact]
    public void Of_UnconfirmedThenVoided_CountsNothing()
    {
        var totals = Of(Intent("a", 10), Unconfirmed("a", 0, 10), Void("a"));

        Assert.Equal(Money.Zero, totals.Settled);
        Assert.Empty(totals.Unconfirmed);
    }

    [Fact]
    public void Of_TwoKnownEnds_CountsTheFirst() =>
        Assert.Equal(6, Of(Intent("a", 10), Settle("a", 6), Void("a"), Settle("a", 9)).Settled.Nanos);

    private static JournalTotals Of(params JournalEntry[] entries) => JournalTotals.Of(new JournalContents([.. entries]));

    private static UnconfirmedCost Cost(string attempt, long lower, long upper) => new(attempt, new Money(lower), new Money(upper));

    private static JournalEntry Intent(string attempt, long upper) => Entry(JournalEntryKind.Intent, attempt, 0, upper);

    private static JournalEntry Settle(string attempt, long cost) => Entry(JournalEntryKind.Settle, attempt, cost, cost);

    private static JournalEntry Void(string attempt) => Entry(JournalEntryKind.Void, attempt, 0, 0);

    private static JournalEntry Unconfirmed(string attempt, long lower, long upper) =>
        Entry(JournalEntryKind.Unconfirmed, attempt, lower, upper);

    private static JournalEntry Entry(JournalEntryKind kind, string attempt, long lower, long upper) => new()
    {
        Kind = kind,
        AttemptId = attempt,
        At = new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero),
        LowerNanos = lower,
        UpperNanos = upper,
    };
}
