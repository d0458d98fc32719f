using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Cascade.Client;

/// <summary>Registers the client.</summary>
public static class CascadeClientServiceCollectionExtensions
{
    /// <summary>Registers an Orleans client and <see cref="ICascadeClient"/> on it, for a program that is not a silo.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configureCluster">Says how to find the cluster, for example by adding the clustering provider.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCascadeClient(this IServiceCollection services, Action<IClientBuilder> configureCluster) =>
        services.AddCascadeClient(configureCluster, static _ => { });

    /// <summary>Registers an Orleans client and <see cref="ICascadeClient"/> on it, for a program that is not a silo.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configureCluster">Says how to find the cluster, for example by adding the clustering provider.</param>
    /// <param name="configure">Changes the limits.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCascadeClient(
        this IServiceCollection services,
        Action<IClientBuilder> configureCluster,
        Action<CascadeClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configureCluster);
        services.AddCascadeClientCore(configure);
        services.AddOrleansClient(client =>
        {
            client.AddActivityPropagation();
            client.UseConnectionRetryFilter<BoundedConnectionRetry>();
            client.Services.AddOptions<ClientMessagingOptions>().Configure<IOptions<CascadeClientOptions>>((messaging, limits) =>
            {
                messaging.ResponseTimeout = limits.Value.ResponseTimeout;
                messaging.CancelRequestOnTimeout = true;
            });
            configureCluster(client);
        });
        return services;
    }

    /// <summary>Registers <see cref="ICascadeClient"/> on the grain factory of the silo in the same process.</summary>
    /// <param name="services">The services of a program that also calls <c>UseOrleans</c>.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCascadeClientInProcess(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddCascadeClientCore(static _ => { });
    }

    private static IServiceCollection AddCascadeClientCore(this IServiceCollection services, Action<CascadeClientOptions> configure)
    {
        services.AddOptions<CascadeClientOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CascadeClientOptions>, CascadeClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CascadeClient>();
        services.TryAddSingleton<ICascadeClient>(static provider => provider.GetRequiredService<CascadeClient>());
        return services;
    }
}
