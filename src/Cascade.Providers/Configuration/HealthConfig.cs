namespace Cascade.Providers;

/// <summary>When a failing endpoint is taken out of use, and how it comes back.</summary>
public sealed class HealthConfig
{
    /// <summary>Whether it is taken out at all.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The share of failed calls within <see cref="Window"/> that takes it out.</summary>
    /// <value>0.01 to 1. Default 0.5.</value>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>The fewest failures that take it out; as many in a row do so at any rate.</summary>
    /// <value>Calls, 1 to 10,000. Default 5.</value>
    public int MinFailures { get; set; } = 5;

    /// <summary>How far back failures count.</summary>
    /// <value>100 milliseconds to 10 minutes. Default 2 seconds.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often one call, cluster-wide, looks whether it is back.</summary>
    /// <value>100 milliseconds to 10 minutes. Default 2 seconds.</value>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromSeconds(2);
}
