using Cascade.Budgets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LedgerEntryTextTests
{
    [Fact]
    public void Format_E1_IsWhatTheGoldenFileSays()
    {
        var golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Budgets", "Golden", "ledger-entry-e1.txt"));

        Assert.Equal(golden.AsEnumerable(), [LedgerEntryText.Encode(Full()), LedgerEntryText.Encode(Small())]);
        Assert.Equal([Full(), Small()], golden.Select(LedgerEntryText.Decode));
    }

    /// <summary>A member that is added to the entry and forgotten in its text would be lost from every log.</summary>
    [Fact]
    public void Decode_EncodedEntry_KeepsEveryMember()
    {
        var full = Full();
        Assert.All(typeof(LedgerEntry).GetProperties(), member =>
            Assert.NotEqual(member.GetValue(new LedgerEntry { Kind = default, RecordedAt = default, At = default, OperationId = "" }), member.GetValue(full)));
        Assert.Equal(full, LedgerEntryText.Decode(LedgerEntryText.Encode(full)));
    }

    [Fact]
    public void Decode_EntriesOfRandomHistories_GiveThemBack() => LedgerMove.History.Sample(
        history =>
        {
            var script = new LedgerScript();
            script.Run(history);
            Assert.All(script.Entries, entry => Assert.Equal(entry, LedgerEntryText.Decode(LedgerEntryText.Encode(entry))));
        },
        iter: 200,
        threads: 1);

    [Theory]
    [InlineData("", "its format is ''")]
    [InlineData("e2 kind=1", "its format is 'e2'")]
    [InlineData("e1 kind=1 newer=2", "'newer=2' is no member")]
    [InlineData("e1 kind", "'kind' is no member")]
    [InlineData("e1 kind=one", "'one' of kind is no number")]
    [InlineData("e1 kind=99", "its kind 99 is unknown")]
    [InlineData("e1 amount=3", "its kind 0 is unknown")]
    [InlineData("e1 kind=1 at=-5", "-5 is no instant")]
    [InlineData("e1 kind=1 percent=99999999999", "'99999999999' of percent")]
    public void Decode_NoEntry_SaysWhy(string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<FormatException>(() => LedgerEntryText.Decode(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Opening_OfAState_IsTheStateAgain()
    {
        LedgerMove.History.Sample(
            history =>
            {
                var script = new LedgerScript();
                script.Run(history);
                var state = script.State with { Windows = [.. script.State.Windows.Select(w => w with { Overrides = [], WouldRefuse = 0 })] };
                var entries = LedgerOpening.Of(state, "opening", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

                // A rolling window's spend is told as one sum, so it is compared at the opening, before any of it leaves.
                Assert.Empty(LedgerComparer.Compare(state, LedgerReplay.Of(entries)));
            },
            iter: 200,
            threads: 1);
        Assert.Empty(LedgerOpening.Of(LedgerState.Empty, "opening", TestLedger.Noon));
    }

    private static LedgerEntry Small() => new()
    {
        Kind = LedgerEntryKind.Overran,
        RecordedAt = TestLedger.Noon,
        At = TestLedger.Noon,
        OperationId = "op-2",
        Amount = new Money(-3),
    };

    private static LedgerEntry Full() => new()
    {
        Kind = LedgerEntryKind.Booked,
        RecordedAt = TestLedger.Noon,
        At = TestLedger.Noon.AddSeconds(-1),
        OperationId = "op-1",
        Amount = new Money(1),
        Lower = new Money(2),
        Upper = new Money(3),
        LeaseId = "lease-1",
        Epoch = 4,
        Holder = "127.0.0.1:11111@1/0",
        Beneficiary = "acme/search",
        AttemptId = "attempt-1",
        Endpoint = "mini",
        Requests = 5,
        Attempts = 6,
        InputTokens = 7,
        OutputTokens = 8,
        CachedTokens = 9,
        ReasoningTokens = 10,
        Window = WindowKind.Rolling,
        Span = TimeSpan.FromHours(6),
        TimeZone = "Europe/Berlin",
        Mode = CapMode.Observe,
        Percent = 80,
        OverrideId = "override-1",
        ExpiresAt = TestLedger.Noon.AddDays(1),
        Author = "ann ü",
        Reason = "launch = day\n100% sure",
    };
}
