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
    private static readonly Money TenCents = new(Money.NanosPerDollar / 10);

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
    public void Update_NoCap_HasNoPrice() => Assert.Equal(0, After(new PacerRecord(), requests: 5, spend: TenCents, caps: []).Price);

    [Fact]
    public void Update_ObservedCap_HasNoPrice()
    {
        var observed = Cap with { Mode = CapMode.Observe };

        Assert.Equal(0, After(new PacerRecord(), requests: 1, spend: TenCents, caps: [observed]).Price);
    }

    [Fact]
    public void Update_SoftCap_HasAPriceOnlyWithoutAHardOne()
    {
        var soft = Cap with { Mode = CapMode.Soft };
        var wide = Cap with { Limit = new Money(1_000 * Money.NanosPerDollar) };

        Assert.True(After(new PacerRecord(), requests: 1, spend: TenCents, caps: [soft]).Price > 0);
        Assert.Equal(0, After(new PacerRecord(), requests: 1, spend: TenCents, caps: [soft, wide]).Price);
    }

    [Fact]
    public void Update_RollingWindowIsNearlyFull_IsPacedToTheWholeCap()
    {
        var rolling = Cap with { Window = WindowKind.Rolling, Span = TimeSpan.FromDays(1) };
        var budget = new BudgetModel { Key = new BudgetKey(new AccountId("acme")), Caps = [rolling], ExpectedRequests = 100 };
        var full = LedgerState.Empty;
        foreach (LedgerCommand command in (LedgerCommand[])[new SetCaps { OperationId = "caps", Caps = [rolling] }, Grant("1"), Spent("1", 98 * Cent.Nanos)])
        {
            full = Ledger.Apply(full, command, Day).Next;
        }

        var after = Ledger.Apply(full, Spent("1", 99 * Cent.Nanos, requests: 1), Day.AddMinutes(1)).Next;

        // What is left would be a hundredth of the plan; a request that costs just the plan leaves the price where it is.
        Assert.Equal(10, AccountPacer.Update(new PacerRecord { Price = 10 }, budget, full, after, Day.AddMinutes(1)).Price, tolerance: 0.01);
    }

    [Fact]
    public void PriceOf_NothingSpentYet_IsThatOfThePlan()
    {
        var budget = new BudgetModel { Key = new BudgetKey(new AccountId("acme")), Caps = [Cap], ExpectedRequests = 100, StartPrice = 7 };

        Assert.Equal(7, AccountPacer.PriceOf(new PacerRecord(), budget));
        Assert.Equal(0, AccountPacer.PriceOf(new PacerRecord { TrafficAt = Day }, budget));
        Assert.Equal(3, AccountPacer.PriceOf(new PacerRecord { Price = 3 }, budget));
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

    private static GrantLease Grant(string id) => new()
    {
        OperationId = $"grant-{id}",
        LeaseId = id,
        Holder = "silo",
        Wanted = new Money(Money.NanosPerDollar),
        Needed = new Money(Money.NanosPerDollar),
        Lifetime = TimeSpan.FromHours(1),
    };

    private static ReportUsage Spent(string id, long nanos, long requests = 0) => new()
    {
        OperationId = $"report-{nanos}",
        Lifetime = TimeSpan.FromHours(1),
        Totals = new LeaseTotals { LeaseId = id, Epoch = 1, Settled = new Money(nanos), Requests = requests },
    };

    private static PacerRecord After(
        PacerRecord pacer, long requests, Money spend, DateTimeOffset? day = null, WindowCap[]? caps = null, int? expected = 100)
    {
        var start = day ?? Day;
        var account = new BudgetModel { Key = new BudgetKey(new AccountId("acme")), Caps = [.. caps ?? [Cap]], ExpectedRequests = expected };
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
