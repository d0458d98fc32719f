namespace Cascade.Grains.Configuration;

/// <summary>What the process tells about itself.</summary>
public sealed class TelemetryConfig
{
    /// <summary>Where traces, metrics and logs are sent by OTLP over gRPC; empty sends nothing.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>Whether <c>/metrics</c> can be scraped.</summary>
    public bool Prometheus { get; set; } = true;

    /// <summary>A port of its own for <c>/metrics</c>; 0 serves it where the API is served.</summary>
    public int MetricsPort { get; set; }

    /// <summary>Whether traces may hold the text of prompts and answers.</summary>
    public bool EnableSensitiveData { get; set; }
}
