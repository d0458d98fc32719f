using Cascade.Contracts;
using Cascade.Grains.Budgets;

namespace Cascade.Simulation.World;

/// <summary>A budget's desk as a silo calls it: over the network, and with a limit to its patience.</summary>
internal sealed class SimGrain(SimWorld world, SimSilo caller, BudgetKey budget) : ITenantBudgetGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task<LeaseReply> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken = default) =>
        CallAsync($"acquire {request.Operation.Value}", desk => world.Plant.AcquireAsync(desk, request));

    public Task<UsageReply> ReportAsync(UsageReport report, CancellationToken cancellationToken = default) =>
        CallAsync(report.Close ? $"close {report.Usage.LeaseId}" : $"report {report.Usage.LeaseId}", desk => world.Plant.ReportAsync(desk, report));

    public Task<BudgetStatus> ReconcileAsync(Reconciliation reconciliation, CancellationToken cancellationToken = default) =>
        CallAsync($"reconcile {reconciliation.AttemptId}", desk => desk.ReconcileAsync(reconciliation, CancellationToken.None));

    public Task<CapOverrideReply> OverrideAsync(CapOverrideRequest request, CancellationToken cancellationToken = default) =>
        CallAsync($"override {request.OverrideId}", desk => desk.OverrideAsync(request, CancellationToken.None));

    public Task<AccountSnapshot> GetSnapshotAsync(bool collect, CancellationToken cancellationToken = default) =>
        CallAsync("snapshot", desk => desk.GetSnapshotAsync(collect, CancellationToken.None));

    private Task<T> CallAsync<T>(string what, Func<BudgetDesk, Task<T>> call)
    {
        var done = new TaskCompletionSource<T>();
        var patience = caller.Time.CreateTimer(
            _ => done.TrySetException(new TimeoutException($"{what} of {budget} got no answer")), null, Patience, Timeout.InfiniteTimeSpan);
        world.Directory.Deliver(budget, new DeskCall(
            caller,
            what,
            async desk =>
            {
                var result = await call(desk);
                return () =>
                {
                    patience.Dispose();
                    done.TrySetResult(result);
                };
            },
            fault =>
            {
                patience.Dispose();
                done.TrySetException(fault);
            }));
        return done.Task;
    }
}
