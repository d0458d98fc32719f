using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Model;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class AccountPacerTests
{
    private static readonly DateTimeOffset Day = new(2026, 3, 6, 0, 0, 0, TimeSpan.Zero);
    private static readonly WindowCap Cap = new() { Window = WindowKind.Day, Limit = new Money(Money.NanosPerDollar) };
    private static readonly Money Cent = new(Money.NanosPerDollar / 100);

    [Fact]
    public void Update_SpendAbovePlan_RaisesThePrice()
    {
        var pacer = After(new PacerRecord(), requests: 1, spend: new Money(10 * Cent.Nanos));

        Assert.True(pacer.Price > 0);
        Assert.True(After(pacer, requests: 1, spend: new Money(10 * Cent.Nanos)).Price > pacer.Price);
    }

    [Fact]
    public void Update_SpendBelowPlan_LowersThePriceDownToNothing()
    {
        var pacer = After(new PacerRecord { Price = 10 }, requests: 1, spend: Money.Zero);

        Assert.InRange(pacer.Price, 0, 9.99);
        for (var i = 0; i < 1_000; i++)
        {
            pacer = After(pacer, requests: 1, spend: Money.Zero);
        }

        Assert.Equal(0, pacer.Price);
    }

    [Fact]
    public void Update_SpendOnPlan_KeepsThePrice() =>
        Assert.Equal(10, After(new PacerRecord { Price = 10 }, requests: 1, spend: Cent).Price, tolerance: 0.01);

    [Fact]
    public void Update_NothingHappened_ChangesNothing()
    {
        var pacer = new PacerRecord { Price = 3, WindowRequests = 7 };

        Assert.Same(pacer, After(pacer, requests: 0, spend: Money.Zero));
    }

    [Fact]
    public void Update_NoHardCap_HasNoPrice()
    {
        var soft = Cap with { Hard = false };

        Assert.Equal(0, After(new PacerRecord(), requests: 5, spend: Cent, caps: []).Price);
        Assert.Equal(0, After(new PacerRecord(), requests: 5, spend: Cent, caps: [soft]).Price);
    }

    [Fact]
    public void Update_CapOfNothing_HasNoPrice() =>
        Assert.Equal(0, After(new PacerRecord(), requests: 1, spend: Money.Zero, caps: [Cap with { Limit = Money.Zero }]).Price);

    [Fact]
    public void Update_NextWindow_CountsItsRequestsFromZero()
    {
        var first = After(After(new PacerRecord(), requests: 30, spend: Cent), requests: 12, spend: Cent);
        var next = After(first, requests: 5, spend: Cent, day: Day.AddDays(1));

        Assert.Equal((Day, 42L), (first.WindowStart, first.WindowRequests));
        Assert.Equal((Day.AddDays(1), 5L), (next.WindowStart, next.WindowRequests));
    }

    [Fact]
    public void Update_RequestsNotConfigured_LearnsThemFromTheTraffic()
    {
        var pacer = After(new PacerRecord(), requests: 30, spend: Cent, expected: null);

        Assert.Equal(Day.AddHours(6), pacer.TrafficAt);
        Assert.Equal(30, pacer.TrafficRequests, tolerance: 1e-9);
        Assert.True(double.IsFinite(pacer.Price));
    }

    private static PacerRecord After(
        PacerRecord pacer, long requests, Money spend, DateTimeOffset? day = null, WindowCap[]? caps = null, int? expected = 100)
    {
        var start = day ?? Day;
        var account = new AccountModel { Id = new AccountId("acme"), Caps = [.. caps ?? [Cap]], ExpectedRequests = expected };
        var before = LedgerState.Empty with { Windows = [.. account.Caps.Select(c => new WindowState { Cap = c, Start = start })] };
        var after = before with
        {
            Requests = requests,
            Settled = spend,
            Windows = [.. before.Windows.Select(w => w with { Settled = spend })],
        };
        return AccountPacer.Update(pacer, account, before, after, start.AddHours(6));
    }
}
