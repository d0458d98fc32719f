using System.Collections.Frozen;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Access;
using Cascade.Server.Gateway.Endpoints;
using Cascade.Server.Gateway.Requests;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Cascade.Server.Gateway;

/// <summary>Adds the HTTP gateway to a host. It needs an <see cref="Client.ICascadeClient"/> and nothing else of the cluster.</summary>
internal static class GatewayRegistration
{
    public static WebApplicationBuilder AddCascadeGateway(
        this WebApplicationBuilder builder,
        HttpConfig config,
        FrozenDictionary<string, AccountId> accountsByKeyHash,
        int metricsPort = 0)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IRequestIdSource, RandomRequestIds>();
        services.AddSingleton(config);
        services.AddSingleton(new KeyRing(accountsByKeyHash));
        services.AddSingleton<BearerAccess>();
        services.AddSingleton<AccountSlots>();
        services.AddSingleton<GatewayTelemetry>();
        services.AddSingleton<ChatCompletionsEndpoint>();
        services.AddSingleton<ChatStreamer>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<BudgetEndpoint>();
        services.AddSingleton<EndpointsEndpoint>();
        services.AddSingleton<SpendEndpoint>();
        services.AddSingleton<AdminAccess>();
        services.AddSingleton<OverrideEndpoint>();
        services.AddSingleton<HealthEndpoints>();
        services.AddHostedService<DrainService>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = config.ShutdownTimeout + config.DrainDelay);
        builder.WebHost.UseUrls(Urls(config, metricsPort));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = config.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = config.MaxConcurrentConnections;
            kestrel.Limits.MaxRequestHeadersTotalSize = config.MaxHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = config.HeadersTimeout;
            kestrel.Limits.KeepAliveTimeout = config.KeepAliveTimeout;
        });
        return builder;
    }

    public static WebApplication MapCascadeGateway(this WebApplication app, bool withApi = true)
    {
        app.UseMiddleware<GatewayMiddleware>();
        app.UseRouting();
        app.MapGet("/health/live", HealthEndpoints.LiveAsync);
        app.MapGet("/health/ready", Handle<HealthEndpoints>(static (endpoint, http) => endpoint.ReadyAsync(http)));
        return withApi ? app.MapApi() : app;
    }

    private static WebApplication MapApi(this WebApplication app)
    {
        app.MapPost("/v1/chat/completions", Handle<ChatCompletionsEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapGet("/v1/models", Handle<ModelsEndpoint>(static (endpoint, http) => endpoint.ListAsync(http)));
        app.MapGet("/v1/models/{**name}", Handle<ModelsEndpoint>(
            static (endpoint, http) => endpoint.FindAsync(http, http.Request.RouteValues["name"] as string ?? "")));
        app.MapGet("/v1/budget", Handle<BudgetEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapGet("/v1/endpoints", Handle<EndpointsEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapGet("/v1/ledger/spend", Handle<SpendEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        app.MapPost("/v1/admin/overrides", Handle<OverrideEndpoint>(static (endpoint, http) => endpoint.HandleAsync(http)));
        return app;
    }

    private static string[] Urls(HttpConfig config, int metricsPort) => metricsPort == 0
        ? [.. config.EffectiveUrls()]
        : [.. config.EffectiveUrls(), $"http://{BindingAddress.Parse(config.EffectiveUrls()[0]).Host}:{metricsPort}"];

    private static RequestDelegate Handle<T>(Func<T, HttpContext, Task> handle)
        where T : notnull =>
        http => handle(http.RequestServices.GetRequiredService<T>(), http);
}
