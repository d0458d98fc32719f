using BenchmarkDotNet.Attributes;
using Cascade.Budgets;

namespace Cascade.Benchmarks;

/// <summary>The money part of a request that needs no grain call: reserve, start and settle in the silo's book.</summary>
[MemoryDiagnoser]
public class LeaseBookBenchmarks
{
    private const int Ids = 1 << 16;
    private readonly string[] _ids = [.. Enumerable.Range(0, Ids).Select(i => $"attempt-{i}")];
    private LeaseBook _book = null!;
    private int _next;

    /// <summary>Opens a book with plenty of money, and makes as many calls as it remembers: only from then on it is in its usual state.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _book = new LeaseBook("lease", epoch: 1);
        _book.SetGranted(new Money(LedgerLimits.MaxAmountNanos));
        ReserveStartSettle();
    }

    /// <summary>One call from reservation to settlement.</summary>
    [Benchmark(OperationsPerInvoke = Ids)]
    public void ReserveStartSettle()
    {
        for (var i = 0; i < Ids; i++)
        {
            var id = _ids[_next++ & (Ids - 1)];
            _book.Reserve(id, new Money(1_000), new Money(1_000));
            _book.Start(id);
            _book.Settle(id, new Money(700));
        }
    }
}
