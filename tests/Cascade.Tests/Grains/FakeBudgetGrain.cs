using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;

namespace Cascade.Tests.Grains;

/// <summary>A budget grain over a real ledger, in which a test can hold, fail or forge any answer. Answers at once unless told otherwise.</summary>
internal sealed class FakeBudgetGrain : ITenantBudgetGrain
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private int _operation;

    public FakeBudgetGrain(TimeProvider time, long capNanos)
    {
        _time = time;
        Apply(new SetCaps
        {
            OperationId = "caps",
            Caps = [new WindowCap { Window = WindowKind.Total, Limit = new Money(capNanos) }],
        });
    }

    public List<LeaseRequest> Acquires { get; } = [];

    public List<UsageReport> Reports { get; } = [];

    public LedgerState State { get; private set; } = LedgerState.Empty;

    /// <summary>Takes the place of <see cref="Grant"/>.</summary>
    public Func<LeaseRequest, Task<LeaseReply>>? OnAcquire { get; set; }

    /// <summary>Takes the place of <see cref="Book"/>.</summary>
    public Func<UsageReport, Task<UsageReply>>? OnReport { get; set; }

    public Task<LeaseReply> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken = default)
    {
        Acquires.Add(request);
        return OnAcquire is { } answer ? answer(request) : Task.FromResult(Grant(request));
    }

    public Task<UsageReply> ReportAsync(UsageReport report, CancellationToken cancellationToken = default)
    {
        Reports.Add(report);
        return OnReport is { } answer ? answer(report) : Task.FromResult(Book(report));
    }

    public Task<BudgetStatus> ReconcileAsync(Reconciliation reconciliation, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<CapOverrideReply> OverrideAsync(CapOverrideRequest request, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<AccountSnapshot> GetSnapshotAsync(bool collect, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public LeaseReply Grant(LeaseRequest request)
    {
        if (request.Usage is { } usage)
        {
            Apply(new ReportUsage { OperationId = NextOperation(), Totals = LeaseMapping.Totals(usage), Lifetime = Lifetime });
        }

        var result = Apply(new GrantLease
        {
            OperationId = request.Operation.Value,
            LeaseId = $"lease-{request.Operation.Value}",
            Holder = request.Holder,
            Wanted = new Money(request.WantedNanos),
            Needed = new Money(request.NeededNanos),
            Lifetime = Lifetime,
        });
        return LeaseMapping.Reply(new BudgetKey(new AccountId("acme")), result, Lifetime, price: 0);
    }

    public UsageReply Book(UsageReport report)
    {
        var totals = LeaseMapping.Totals(report.Usage);
        var result = report.Close
            ? Apply(new CloseLease { OperationId = report.Operation.Value, Totals = totals })
            : Apply(new ReportUsage { OperationId = report.Operation.Value, Totals = totals, Lifetime = Lifetime });
        return new UsageReply { Status = (BudgetStatus)result.Status, Lifetime = Lifetime };
    }

    /// <summary>Grants money to another silo, and gives it back when told to.</summary>
    public Action LeaseElsewhere(long nanos)
    {
        var reply = Grant(new LeaseRequest
        {
            Operation = new OperationId(NextOperation()),
            Holder = "127.0.0.1:22222@1/0",
            WantedNanos = nanos,
            NeededNanos = nanos,
        });
        var totals = new LeaseTotals { LeaseId = reply.LeaseId, Epoch = reply.Epoch, Settled = Money.Zero };
        return () => Apply(new CloseLease { OperationId = NextOperation(), Totals = totals });
    }

    private LedgerResult Apply(LedgerCommand command)
    {
        var outcome = Ledger.Apply(State, command, _time.GetUtcNow());
        State = outcome.Next;
        return outcome.Result;
    }

    private string NextOperation() => $"fake-{_operation++}";
}
