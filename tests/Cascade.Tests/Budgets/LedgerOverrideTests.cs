using Cascade.Budgets;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LedgerOverrideTests
{
    private static readonly WindowCap Cap = TestLedger.Day(100);
    private readonly TestLedger _ledger = new();

    public LedgerOverrideTests() => _ledger.SetCaps(Cap);

    [Fact]
    public void Raise_WhileItLasts_GivesMoreAndThenNoMore()
    {
        _ledger.Spend(90);
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("a", 50).Status);
        _ledger.Override(Cap, "o", 60, TimeSpan.FromHours(2));
        _ledger.Spend(50);

        _ledger.Now = _ledger.Now.AddHours(2);

        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("c", 1).Status);
        Assert.Equal(new Money(100), _ledger.Last.Result.Refusal!.Cap);
        var ended = Assert.Single(_ledger.EntriesOf(LedgerEntryKind.OverrideEnded));
        Assert.Equal(("o", "expired"), (ended.OverrideId, ended.Reason));
    }

    [Fact]
    public void Expiry_MidWindowWithMoreSpent_TakesNothingBack()
    {
        _ledger.Override(Cap, "o", 100, TimeSpan.FromHours(2));
        _ledger.Spend(150);
        var lease = _ledger.Grant("a", 40).Lease!;
        _ledger.Now = _ledger.Now.AddHours(3);

        Assert.Equal(LedgerStatus.Ok, _ledger.Report(lease, 40).Status);

        Assert.Equal((new Money(190), Money.Zero), (_ledger.State.Windows[0].Settled, _ledger.State.Overrun));
        Assert.Equal(new Money(-90), _ledger.State.Snapshot(_ledger.Now).Windows[0].Remaining);
        _ledger.Now = _ledger.Now.AddDays(1);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("b", 100).Status);
    }

    [Fact]
    public void Snapshot_AfterExpiryWithoutACommand_ShowsTheCap()
    {
        _ledger.Override(Cap, "o", 60, TimeSpan.FromHours(2));

        Assert.Equal(new Money(160), _ledger.State.Snapshot(_ledger.Now).Windows[0].Limit);
        Assert.Equal(new Money(100), _ledger.State.Snapshot(_ledger.Now.AddHours(2)).Windows[0].Limit);
    }

    [Fact]
    public void Several_AddUpAndNeverGoBelowZero()
    {
        _ledger.Override(Cap, "a", 60, TimeSpan.FromHours(2));
        _ledger.Override(Cap, "b", -30, TimeSpan.FromHours(1));
        Assert.Equal(new Money(130), _ledger.State.Windows[0].Limit);
        _ledger.Override(Cap, "c", -900, TimeSpan.FromHours(1));
        Assert.Equal(Money.Zero, _ledger.State.Windows[0].Limit);
        Assert.Equal(LedgerStatus.CapReached, _ledger.Grant("x", 1).Status);
        _ledger.Now = _ledger.Now.AddMinutes(61);
        Assert.Equal(LedgerStatus.Ok, _ledger.Grant("x", 160).Status);
    }

    [Fact]
    public void Revoked_EndsAtOnceAndSaysByWhomAndWhy()
    {
        _ledger.Override(Cap, "o", 60, TimeSpan.FromHours(2));

        Assert.Equal(LedgerStatus.Ok, _ledger.EndOverride("o").Status);

        Assert.Equal(new Money(100), _ledger.State.Windows[0].Limit);
        var ended = Assert.Single(_ledger.EntriesOf(LedgerEntryKind.OverrideEnded));
        Assert.Equal(("bob", "too much"), (ended.Author, ended.Reason));
        Assert.Equal(LedgerStatus.InvalidCommand, _ledger.EndOverride("o").Status);
    }

    [Fact]
    public void SameName_Replaces()
    {
        _ledger.Override(Cap, "o", 60, TimeSpan.FromHours(2));
        _ledger.Override(Cap, "o", 10, TimeSpan.FromHours(2));

        Assert.Equal(new Money(110), _ledger.State.Windows[0].Limit);
        Assert.Equal("replaced", Assert.Single(_ledger.EntriesOf(LedgerEntryKind.OverrideEnded)).Reason);
    }

    [Fact]
    public void SetCaps_SameCap_KeepsItsOverrideAndADroppedCapEndsIt()
    {
        _ledger.Override(Cap, "o", 60, TimeSpan.FromHours(2));
        _ledger.SetCaps(TestLedger.Day(200));
        Assert.Equal(new Money(260), _ledger.State.Windows[0].Limit);

        _ledger.SetCaps(TestLedger.Rolling(50, TimeSpan.FromHours(1)));

        Assert.Equal("its cap was taken away", Assert.Single(_ledger.EntriesOf(LedgerEntryKind.OverrideEnded)).Reason);
    }

    [Theory]
    [InlineData(0, 60, "Override:Change")]
    [InlineData(5, 0, "Override:ExpiresAt")]
    [InlineData(5, 24 * 60 * 367, "Override:ExpiresAt")]
    [InlineData(LedgerLimits.MaxAmountNanos + 1, 60, "Override:Change")]
    public void SetOverride_ValueOutOfRange_NamesTheField(long change, int minutes, string field)
    {
        var result = _ledger.Override(Cap, "o", change, TimeSpan.FromMinutes(minutes));

        Assert.Equal(LedgerStatus.InvalidCommand, result.Status);
        Assert.StartsWith(field, result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void SetOverride_UnknownCap_NamesThoseThereAre()
    {
        var result = _ledger.Override(TestLedger.Day(1, CapMode.Soft), "o", 5, TimeSpan.FromHours(1));

        Assert.Equal(LedgerStatus.InvalidCommand, result.Status);
        Assert.Contains("Hard Day in UTC", result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void SetOverride_TooManyOrTooMuchTogether_IsRefused()
    {
        _ledger.Override(Cap, "big", LedgerLimits.MaxAmountNanos, TimeSpan.FromHours(1));
        Assert.Equal(LedgerStatus.InvalidCommand, _ledger.Override(Cap, "more", 1, TimeSpan.FromHours(1)).Status);
        for (var i = 1; i < LedgerLimits.MaxOverrides; i++)
        {
            Assert.Equal(LedgerStatus.Ok, _ledger.Override(Cap, $"o-{i}", -1, TimeSpan.FromHours(1)).Status);
        }

        Assert.Equal(LedgerStatus.InvalidCommand, _ledger.Override(Cap, "one too many", -1, TimeSpan.FromHours(1)).Status);
    }
}
