using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

/// <summary>What every purse of a silo shares.</summary>
internal sealed record PurseEnvironment
{
    public required SiloAddress Silo { get; init; }

    public required TimeProvider Time { get; init; }

    public required CascadeOptions Options { get; init; }

    public required IIdSource Ids { get; init; }

    public required CascadeInstruments Instruments { get; init; }

    public required IUsageJournal Journal { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>The grain of a budget.</summary>
    public required Func<BudgetKey, ITenantBudgetGrain> Grain { get; init; }
}
