using BenchmarkDotNet.Attributes;
using Cascade.Budgets;

namespace Cascade.Benchmarks;

/// <summary>The pure ledger: one report of a holder, against the number of open leases.</summary>
[MemoryDiagnoser]
public class LedgerBenchmarks
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private LedgerState _state = LedgerState.Empty;
    private long _settled;

    /// <summary>Silos that hold a lease.</summary>
    [Params(1, 16)]
    public int Leases { get; set; }

    /// <summary>Opens the leases.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var caps = new SetCaps { OperationId = "caps", Caps = [new WindowCap { Window = WindowKind.Day, Limit = new Money(LedgerLimits.MaxAmountNanos) }] };
        _state = Ledger.Apply(LedgerState.Empty, caps, Now).Next;
        for (var i = 0; i < Leases; i++)
        {
            var grant = new GrantLease
            {
                OperationId = $"grant-{i}",
                LeaseId = $"lease-{i}",
                Holder = $"holder-{i}",
                Wanted = new Money(1_000_000),
                Needed = new Money(1_000_000),
                Lifetime = TimeSpan.FromMinutes(1),
            };
            _state = Ledger.Apply(_state, grant, Now).Next;
        }
    }

    /// <summary>Books what a holder spent.</summary>
    /// <returns>The state after.</returns>
    [Benchmark]
    public LedgerState Report()
    {
        _settled = (_settled + 10) % 900_000;
        var totals = new LeaseTotals { LeaseId = "lease-0", Epoch = 1, Settled = new Money(_settled), Requests = _settled };
        return Ledger.Apply(_state, new ReportUsage { OperationId = "r", Totals = totals, Lifetime = TimeSpan.FromMinutes(1) }, Now).Next;
    }
}
