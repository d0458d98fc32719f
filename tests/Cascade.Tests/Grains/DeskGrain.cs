using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Model;
using Cascade.Grains.State;

namespace Cascade.Tests.Grains;

/// <summary>A real budget desk that takes one command at a time, as its grain would, and whose answers a test can hold or fail.</summary>
internal sealed class DeskGrain : ITenantBudgetGrain, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly MemoryState _state = new();
    private readonly BudgetDesk _desk;

    public DeskGrain(BudgetKey budget, BudgetModel? model, DeskEnvironment environment)
    {
        _desk = new BudgetDesk(budget, model, new CommittedState<LedgerRecord>(_state, static () => { }), static () => { }, environment);
        _desk.Open();
    }

    /// <summary>Calls that came, by the name of the method.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>Whether it is on a silo that is not configured for the budget.</summary>
    public bool IsElsewhere { get; set; }

    /// <summary>What is stored of it.</summary>
    public LedgerRecord Stored => _state.State;

    /// <summary>Awaited before a call is carried out.</summary>
    public Func<Task>? Before { get; set; }

    public Task<LeaseReply> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken = default) =>
        TakeTurnAsync("acquire", () => _desk.AcquireAsync(request, cancellationToken));

    public Task<UsageReply> ReportAsync(UsageReport report, CancellationToken cancellationToken = default) =>
        TakeTurnAsync("report", () => IsElsewhere ? Task.FromResult(new UsageReply { Status = BudgetStatus.UnknownAccount }) : _desk.ReportAsync(report, cancellationToken));

    public Task<BudgetStatus> ReconcileAsync(Reconciliation reconciliation, CancellationToken cancellationToken = default) =>
        TakeTurnAsync("reconcile", () => IsElsewhere ? Task.FromResult(BudgetStatus.UnknownAccount) : _desk.ReconcileAsync(reconciliation, cancellationToken));

    public Task<CapOverrideReply> OverrideAsync(CapOverrideRequest request, CancellationToken cancellationToken = default) =>
        TakeTurnAsync("override", () => _desk.OverrideAsync(request, cancellationToken));

    public Task<AccountSnapshot> GetSnapshotAsync(bool collect, CancellationToken cancellationToken = default) =>
        TakeTurnAsync("snapshot", () => _desk.GetSnapshotAsync(collect, cancellationToken));

    public void Dispose() => _turn.Dispose();

    private async Task<T> TakeTurnAsync<T>(string name, Func<Task<T>> call)
    {
        Calls.Add(name);
        if (Before is { } hook)
        {
            await hook();
        }

        await _turn.WaitAsync();
        try
        {
            return await call();
        }
        finally
        {
            _turn.Release();
        }
    }

    private sealed class MemoryState : IPersistentState<LedgerRecord>
    {
        public LedgerRecord State { get; set; } = new();

        public string? Etag => null;

        public bool RecordExists => true;

        public Task ClearStateAsync() => Task.CompletedTask;

        public Task ReadStateAsync() => Task.CompletedTask;

        public Task WriteStateAsync() => Task.CompletedTask;
    }
}
