using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;
using Cascade.Storage.Redis;
using Cascade.Storage.Replays;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Orleans.Configuration;

using StackExchange.Redis;

namespace Cascade.Storage;

/// <summary>Puts Cascade's storage behind a silo or a client.</summary>
public static class StorageExtensions
{
    /// <summary>
    /// Adds grain state under <see cref="CascadeStorage.State"/>, the usage journal and, except in mode <c>memory</c>, clustering.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="config">A valid configuration; in mode <c>embedded</c> the one that <see cref="EmbeddedRedis.Connect"/> returned.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// An <see cref="IUsageJournal"/> that is registered already is left alone. In mode <c>memory</c> the host brings its own clustering,
    /// and silos that shall see each other's journal and ledger log must be given one <see cref="InMemoryUsageJournal"/> and one
    /// <see cref="InMemoryLedgerLog"/>.
    /// </remarks>
    public static ISiloBuilder AddCascadeStorage(this ISiloBuilder silo, StorageConfig config)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(config);
        silo.Services.AddSingleton(config);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StorageAnnouncement>();
        return config.Mode == StorageMode.Memory ? silo.AddMemory() : silo.AddRedis(config);
    }

    /// <summary>Lets a client find the cluster; does nothing in mode <c>memory</c>, where the host brings its own clustering.</summary>
    /// <param name="client">The client.</param>
    /// <param name="config">The configuration of the cluster to find.</param>
    /// <returns>The same builder.</returns>
    public static IClientBuilder AddCascadeClustering(this IClientBuilder client, StorageConfig config)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(config);
        if (config.Mode == StorageMode.Memory)
            return client;
        client.Services.Configure<ClusterOptions>(options => Name(options, config));
        return client.UseRedisClustering(options => options.ConfigurationOptions = RedisConnections.Options(config, "client"));
    }

    private static ISiloBuilder AddMemory(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton<IUsageJournal, InMemoryUsageJournal>();
        silo.Services.TryAddSingleton<ILedgerLog, InMemoryLedgerLog>();
        silo.Services.TryAddSingleton<IReplayStore>(
            services => new InMemoryReplayStore(services.GetService<TimeProvider>() ?? TimeProvider.System));
        return silo.AddMemoryGrainStorage(CascadeStorage.State, options => options.GrainStorageSerializer = new StateSerializer());
    }

    private static ISiloBuilder AddRedis(this ISiloBuilder silo, StorageConfig config)
    {
        silo.Services.TryAddSingleton<IUsageJournal>(services => new OwnedJournal(
            ConnectionMultiplexer.Connect(RedisConnections.Options(config, "journal")),
            services.GetRequiredService<SharedConnection>().Multiplexer,
            config,
            services.GetRequiredService<ILogger<RedisUsageJournal>>()));
        silo.Services.TryAddSingleton(_ => new SharedConnection(ConnectionMultiplexer.Connect(RedisConnections.Options(config, "records"))));
        silo.Services.TryAddSingleton<ILedgerLog>(
            services => new RedisLedgerLog(services.GetRequiredService<SharedConnection>().Multiplexer, config));
        silo.Services.TryAddSingleton<IReplayStore>(
            services => new RedisReplayStore(services.GetRequiredService<SharedConnection>().Multiplexer, config));
        silo.Services.TryAddSingleton<IStoredStates>(
            services => new RedisStoredStates(services.GetRequiredService<SharedConnection>().Multiplexer, config));
        silo.Configure<ClusterOptions>(options => Name(options, config));
        silo.UseRedisClustering(options => options.ConfigurationOptions = RedisConnections.Options(config, "clustering"));
        return silo.AddRedisGrainStorage(CascadeStorage.State, (Orleans.Persistence.RedisStorageOptions options) =>
        {
            options.ConfigurationOptions = RedisConnections.Options(config, "state");
            options.GrainStorageSerializer = new StateSerializer();
            options.DeleteStateOnClear = true;
        });
    }

    private static void Name(ClusterOptions options, StorageConfig config)
    {
        options.ServiceId = config.ServiceId;
        options.ClusterId = config.ClusterId;
    }
}
