namespace Cascade.Grains.Configuration;

/// <summary>Who is told when a budget reaches a percentage of a cap, besides the log.</summary>
public sealed class AlertsConfig
{
    /// <summary>Where every alert is posted; https, or http on this machine; empty posts nothing.</summary>
    public string WebhookUrl { get; set; } = "";

    /// <summary>The environment variable whose value signs what is posted; empty signs nothing.</summary>
    public string SecretEnvironment { get; set; } = "";

    /// <summary>How long the receiver may take to answer; afterwards the alert is posted again.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
