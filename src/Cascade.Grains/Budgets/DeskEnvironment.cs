using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Grains.State;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

/// <summary>What every budget of a silo shares.</summary>
internal sealed record DeskEnvironment
{
    public required TimeProvider Time { get; init; }

    public required CascadeOptions Options { get; init; }

    public required IIdSource Ids { get; init; }

    public required IUsageJournal Journal { get; init; }

    /// <summary>Where the entries of every ledger go.</summary>
    public required ILedgerLog Log { get; init; }

    /// <summary>Reaches those who hold leases.</summary>
    public required ILeaseHolders Holders { get; init; }

    public required IHolderLiveness Liveness { get; init; }

    /// <summary>Who is told of alerts.</summary>
    public required IBudgetAlertSink Alerts { get; init; }

    public required CascadeInstruments Instruments { get; init; }

    public required ILogger Logger { get; init; }
}

/// <summary>Asks the silos that hold leases.</summary>
internal interface ILeaseHolders
{
    /// <summary>Asks what a lease has spent.</summary>
    /// <param name="silo">The silo that holds it.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="leaseId">The lease.</param>
    /// <param name="release">Whether to give back what lies idle.</param>
    /// <returns>The totals, or null when the silo does not hold the lease.</returns>
    Task<LeaseUsage?> CollectAsync(SiloAddress silo, BudgetKey budget, string leaseId, bool release);
}

/// <summary>Asks by the agents of the silos.</summary>
internal sealed class SiloLeaseHolders(ISiloAgents agents) : ILeaseHolders
{
    public Task<LeaseUsage?> CollectAsync(SiloAddress silo, BudgetKey budget, string leaseId, bool release) =>
        agents.Of(silo).CollectAsync(budget, leaseId, release);
}
