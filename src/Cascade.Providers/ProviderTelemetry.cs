namespace Cascade.Providers;

/// <summary>Where the spans and metrics of model calls come from.</summary>
public static class ProviderTelemetry
{
    /// <summary>The activity source and the meter of every model call; the instruments have the GenAI names of OpenTelemetry.</summary>
    public const string SourceName = "Experimental.Microsoft.Extensions.AI";
}
