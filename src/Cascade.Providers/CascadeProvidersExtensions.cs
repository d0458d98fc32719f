using Cascade.Providers.Calling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cascade.Providers;

/// <summary>Registers the providers.</summary>
public static class CascadeProvidersExtensions
{
    /// <summary>Registers <see cref="IModelCallerFactory"/>. Uses the registered <see cref="TimeProvider"/>, else the system's. Idempotent.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCascadeProviders(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IModelCallerFactory, ModelCallerFactory>();
        return services;
    }
}
