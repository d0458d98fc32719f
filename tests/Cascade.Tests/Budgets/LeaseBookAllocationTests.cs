using Cascade.Budgets;
using Xunit;

namespace Cascade.Tests.Budgets;

/// <summary>Every call passes through the book, so what it allocates per call is paid at the rate of the busiest silo.</summary>
public sealed class LeaseBookAllocationTests
{
    private readonly string[] _ids = [.. Enumerable.Range(0, 20_000).Select(i => $"attempt-{i}")];

    [Fact]
    public void ReserveStartSettle_OnceTheBookIsFull_AllocatesNothing()
    {
        var book = new LeaseBook("lease", 1);
        book.SetGranted(new Money(LedgerLimits.MaxAmountNanos));
        Pass(book, _ids);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Pass(book, _ids);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(new Money(700L * 2 * _ids.Length), book.Settled);
        Assert.Equal(book.Settled, new Money(book.Totals().ByModel.Sum(m => m.Settled.Nanos)));
    }

    private static void Pass(LeaseBook book, string[] ids)
    {
        foreach (var id in ids)
        {
            book.Reserve(id, new Money(1_000), new Money(1_000));
            book.Trim(id, new Money(900));
            book.Start(id, new Money(100), "mini");
            book.Settle(id, new Money(700), "", new TokenCounts(10, 5));
        }
    }
}
