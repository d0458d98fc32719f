using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Simulation.Auditing;

namespace Cascade.Simulation.World;

/// <summary>The agents of the silos as a desk asks them.</summary>
internal sealed class SimHolders(SimWorld world, SimSilo asker) : ILeaseHolders
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public Task<LeaseUsage?> CollectAsync(SiloAddress silo, BudgetKey budget, string leaseId, bool release)
    {
        var name = budget.ToString();
        var done = new TaskCompletionSource<LeaseUsage?>();
        var patience = asker.Time.CreateTimer(
            _ => done.TrySetException(new TimeoutException("the silo did not answer")), null, Patience, Timeout.InfiniteTimeSpan);
        var holder = world.Silos.Find(s => s.Address.Equals(silo))!;
        if (holder.CutFromSilos && release)
        {
            world.Coverage.Note(Seen.RecallUnderPartition);
        }

        world.Network.Ask(asker, holder, $"collect {leaseId}", name, () => holder.Context.Post(() =>
        {
            var usage = holder.Agent.Collect(budget, leaseId, release);
            world.Note("collected", name, leaseId, usage?.SettledNanos ?? -1);
            world.Network.Answer(holder, asker, $"collect {leaseId}", name, () => asker.Context.Post(() =>
            {
                patience.Dispose();
                if (done.TrySetResult(usage) && release)
                {
                    world.Coverage.Note(Seen.RecallAnswered);
                }
            }));
        }));
        return done.Task;
    }
}
