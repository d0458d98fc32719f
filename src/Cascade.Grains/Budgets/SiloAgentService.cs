using Cascade.Contracts;
using Cascade.Planning.Frontier;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime.Services;
using Orleans.Services;

namespace Cascade.Grains.Budgets;

/// <summary>The silo-addressed face of <see cref="BudgetAgent"/>.</summary>
[Reentrant]
internal sealed class SiloAgentService(
    GrainId id, Silo silo, ILoggerFactory loggers, BudgetAgent agent, BudgetSweep sweep, ILocalSiloDetails details)
    : GrainService(id, silo, loggers), ISiloAgentService
{
    private Task _sweeping = Task.CompletedTask;

    public override async Task Start()
    {
        await base.Start();
        var place = StableMix.Unit(details.SiloAddress.ToString(), nameof(BudgetSweep));
        _sweeping = sweep.RunAsync(place, budget => RingRange.InRange(GrainId.Create(LedgerBooks.GrainType, budget)), StoppedCancellationTokenSource.Token);
    }

    public override async Task Stop()
    {
        await base.Stop();
        await _sweeping;
    }

    public Task<LeaseUsage?> CollectAsync(BudgetKey budget, string leaseId, bool release) =>
        Task.FromResult(agent.Collect(budget, leaseId, release));
}

/// <summary>Reaches the agent of a given silo.</summary>
internal interface ISiloAgents : IGrainServiceClient<ISiloAgentService>
{
    /// <summary>The agent of a silo.</summary>
    ISiloAgentService Of(SiloAddress silo);
}

/// <inheritdoc cref="ISiloAgents" />
internal sealed class SiloAgents(IServiceProvider services) : GrainServiceClient<ISiloAgentService>(services), ISiloAgents
{
    public ISiloAgentService Of(SiloAddress silo) => GetGrainService(silo);
}
