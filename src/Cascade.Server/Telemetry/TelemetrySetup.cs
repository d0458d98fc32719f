using Cascade.Grains.Configuration;
using Cascade.Grains.Telemetry;
using Cascade.Server.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Cascade.Server.Telemetry;

/// <summary>
/// Wires traces, metrics and logs. Nothing leaves the process unless an endpoint is configured, and spans that would go nowhere are not made: those of one
/// open stream take as much memory as its connection.
/// </summary>
internal static class TelemetrySetup
{
    public static void AddCascadeTelemetry(this WebApplicationBuilder builder, TelemetryConfig config, ServerRole role)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService(ServerTelemetry.ServiceName, serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version?.ToString())
                .AddAttributes([new(ServerTelemetry.RoleAttribute, role.ToString().ToLowerInvariant())]))
            .WithMetrics(metrics =>
            {
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter(CascadeTelemetry.SourceName, ServerTelemetry.OrleansMeter, ServerTelemetry.ModelSource);
                if (config.Prometheus)
                {
                    metrics.AddPrometheusExporter();
                }
            });
        if (config.OtlpEndpoint.Length > 0)
        {
            telemetry
                .WithTracing(tracing => (builder.Configuration[ServerTelemetry.SamplerVariable] is null ? tracing.SetSampler(new StreamStepSampler()) : tracing)
                    .AddAspNetCoreInstrumentation(static options => options.Filter = static http => http.Request.Path.StartsWithSegments("/v1"))
                    .AddHttpClientInstrumentation()
                    .AddSource(CascadeTelemetry.SourceName, ServerTelemetry.OrleansSources, ServerTelemetry.ModelSource))
                .WithLogging()
                .UseOtlpExporter(OtlpExportProtocol.Grpc, new Uri(config.OtlpEndpoint));
        }
    }

    public static void UseCascadeMetrics(this WebApplication app, TelemetryConfig config)
    {
        if (config.Prometheus)
        {
            app.UseOpenTelemetryPrometheusScrapingEndpoint(http =>
                http.Request.Path == ServerTelemetry.MetricsPath
                && (config.MetricsPort == 0 || http.Connection.LocalPort == config.MetricsPort));
        }
    }
}
