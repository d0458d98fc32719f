using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Grains.State;
using Cascade.Storage;

namespace Cascade.Grains.Budgets;

/// <summary>The address of one budget's <see cref="BudgetDesk"/> in the cluster, and its stored state.</summary>
[GrainType("cascade.budget")]
internal sealed class TenantBudgetGrain(
    [PersistentState("ledger", CascadeStorage.State)] IPersistentState<LedgerRecord> storage,
    ClusterModel model,
    DeskEnvironment environment) : Grain, ITenantBudgetGrain
{
    private BudgetDesk _desk = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!BudgetKey.TryParse(this.GetPrimaryKeyString(), out var budget, out var problem))
        {
            throw new CascadeException(problem);
        }

        var committed = new CommittedState<LedgerRecord>(storage, DeactivateOnIdle);
        _desk = new BudgetDesk(budget, model.FindBudget(budget), committed, DeactivateOnIdle, environment);
        _desk.Open();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _desk.CloseAsync();

    public Task<LeaseReply> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken = default) =>
        _desk.AcquireAsync(request, cancellationToken);

    public Task<UsageReply> ReportAsync(UsageReport report, CancellationToken cancellationToken = default) =>
        _desk.ReportAsync(report, cancellationToken);

    public Task<BudgetStatus> ReconcileAsync(Reconciliation reconciliation, CancellationToken cancellationToken = default) =>
        _desk.ReconcileAsync(reconciliation, cancellationToken);

    public Task<CapOverrideReply> OverrideAsync(CapOverrideRequest request, CancellationToken cancellationToken = default) =>
        _desk.OverrideAsync(request, cancellationToken);

    public Task<AccountSnapshot> GetSnapshotAsync(bool collect, CancellationToken cancellationToken = default) =>
        _desk.GetSnapshotAsync(collect, cancellationToken);
}
