using Cascade.Contracts;
using Orleans.Services;

namespace Cascade.Grains.Budgets;

/// <summary>A silo's agent as the budget grains see it. It answers from memory and calls no grain, so a grain may wait for it.</summary>
[Alias("cascade.silo-agent")]
internal interface ISiloAgentService : IGrainService
{
    /// <summary>Tells what a lease held by this silo has spent.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="leaseId">The lease.</param>
    /// <param name="release">Whether to give back what lies idle.</param>
    /// <returns>The totals, or null when the silo does not hold the lease.</returns>
    [Alias("collect"), ResponseTimeout("00:00:02")]
    Task<LeaseUsage?> CollectAsync(BudgetKey budget, string leaseId, bool release);
}
