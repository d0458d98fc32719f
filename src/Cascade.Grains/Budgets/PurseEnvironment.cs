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

    /// <summary>The budget grain of an account.</summary>
    public required Func<AccountId, ITenantBudgetGrain> Grain { get; init; }
}
