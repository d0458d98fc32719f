namespace Cascade.Server.Telemetry;

/// <summary>Names of what the process listens to and calls itself.</summary>
internal static class ServerTelemetry
{
    public const string ServiceName = "cascade";
    public const string RoleAttribute = "cascade.role";
    public const string OrleansSources = "Microsoft.Orleans.*";
    public const string OrleansMeter = "Microsoft.Orleans";

    // What Microsoft.Extensions.AI calls its source and meter unless told otherwise.
    public const string ModelSource = "Experimental.Microsoft.Extensions.AI";

    /// <summary>Where an operator chooses another sampler, as OpenTelemetry's SDK reads it.</summary>
    public const string SamplerVariable = "OTEL_TRACES_SAMPLER";
    public const string MetricsPath = "/metrics";
}
