using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Identity;
using Cascade.Grains.Model;
using Cascade.Grains.Routing;
using Cascade.Grains.State;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Cascade.Grains.Hosting;

/// <summary>Adds Cascade to a silo.</summary>
public static class CascadeSiloExtensions
{
    /// <summary>Adds the grains, the silo's agents, and the cluster settings they rely on. Storage is added apart.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="model">What to serve and for whom.</param>
    /// <param name="configure">Changes the limits; null keeps the defaults.</param>
    /// <returns>The same builder.</returns>
    public static ISiloBuilder AddCascade(this ISiloBuilder silo, ClusterModel model, Action<CascadeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(model);
        var services = silo.Services;
        services.TryAddSingleton(model);
        services.AddMetrics();
        services.AddOptions<CascadeOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CascadeOptions>, CascadeOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CascadeOptions>, CascadeOptionsCrossValidator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdSource, GuidIdSource>();
        services.TryAddSingleton<IHolderLiveness, MembershipLiveness>();
        services.TryAddSingleton<CascadeInstruments>();
        services.TryAddSingleton<ILeaseHolders, SiloLeaseHolders>();
        services.TryAddSingleton<IBudgetAlertSink, NoAlertSink>();
        services.TryAddSingleton(DeskEnvironmentOf);
        services.TryAddSingleton(PurseEnvironmentOf);
        services.TryAddSingleton<SpendReader>();
        services.TryAddSingleton<BudgetAgent>();
        services.TryAddSingleton<BudgetSweep>();
        services.TryAddSingleton<EndpointAgent>();
        services.TryAddSingleton<ISiloAgents, SiloAgents>();
        services.TryAddSingleton<RouteTable>();
        services.TryAddSingleton<AccountViews>();
        services.TryAddSingleton<AttemptRunner>();
        services.TryAddSingleton<IAttemptRunner>(static services => services.GetRequiredService<AttemptRunner>());
        services.TryAddSingleton<IEndpointStandings>(static services => services.GetRequiredService<EndpointAgent>());
        services.TryAddSingleton<StepRunner>();
        services.TryAddSingleton<RepeatedRequests>();
        services.TryAddSingleton<RequestsUnderWay>();
        services.TryAddSingleton<CascadeServices>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, AgentTender>();
        silo.AddGrainService<SiloAgentService>();
        return silo.AddClusterSettings();
    }

    private static DeskEnvironment DeskEnvironmentOf(IServiceProvider services) => new()
    {
        Time = services.GetRequiredService<TimeProvider>(),
        Options = services.GetRequiredService<IOptions<CascadeOptions>>().Value,
        Ids = services.GetRequiredService<IIdSource>(),
        Journal = services.GetRequiredService<IUsageJournal>(),
        Log = services.GetRequiredService<ILedgerLog>(),
        Holders = services.GetRequiredService<ILeaseHolders>(),
        Liveness = services.GetRequiredService<IHolderLiveness>(),
        Alerts = services.GetRequiredService<IBudgetAlertSink>(),
        Instruments = services.GetRequiredService<CascadeInstruments>(),
        Logger = services.GetRequiredService<ILogger<BudgetDesk>>(),
    };

    private static PurseEnvironment PurseEnvironmentOf(IServiceProvider services)
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        return new PurseEnvironment
        {
            Silo = services.GetRequiredService<ILocalSiloDetails>().SiloAddress,
            Time = services.GetRequiredService<TimeProvider>(),
            Options = services.GetRequiredService<IOptions<CascadeOptions>>().Value,
            Ids = services.GetRequiredService<IIdSource>(),
            Instruments = services.GetRequiredService<CascadeInstruments>(),
            Journal = services.GetRequiredService<IUsageJournal>(),
            Logger = services.GetRequiredService<ILogger<BudgetAgent>>(),
            Grain = budget => grains.GetGrain<ITenantBudgetGrain>(budget.ToString()),
        };
    }

    /// <summary>
    /// Orleans' defaults notice a killed silo after 14 seconds, a hung one after a minute, and a restarted cluster after almost two.
    /// These notice within two, three and sixteen seconds.
    /// </summary>
    private static ISiloBuilder AddClusterSettings(this ISiloBuilder silo)
    {
        silo.Services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<CascadeOptions>>((membership, cascade) =>
        {
            membership.ProbeTimeout = cascade.Value.ProbeTimeout;
            membership.NumMissedProbesLimit = 2;
            membership.NumVotesForDeathDeclaration = 1;
            membership.EnableConnectionLivenessCheck = false;
            membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        });
        silo.Services.AddOptions<SiloMessagingOptions>().Configure<IOptions<CascadeOptions>>((messaging, cascade) =>
        {
            messaging.CancelRequestOnTimeout = true;
            messaging.MaxEnqueuedRequestsHardLimit = cascade.Value.MaxQueuedGrainCalls;
        });

        // An account that nobody uses costs nothing: its grain goes when its purses go. The runtime wants longer than its own round.
        silo.Services.AddOptions<GrainCollectionOptions>().Configure<IOptions<CascadeOptions>>((collection, cascade) =>
        {
            var least = collection.CollectionQuantum + TimeSpan.FromSeconds(1);
            collection.ClassSpecificCollectionAge[typeof(TenantBudgetGrain).FullName!] = cascade.Value.PurseIdle > least ? cascade.Value.PurseIdle : least;
        });

        // The router has one worker, and its streams live in it: it must not be collected between two reads of one.
        silo.Services.Configure<StatelessWorkerOptions>(static workers => workers.RemoveIdleWorkers = false);
        return silo.AddActivityPropagation();
    }
}
