namespace Cascade.Providers;

/// <summary>Which recorded answers an endpoint serves.</summary>
public sealed class ReplayConfig
{
    /// <summary>The folder with the recordings.</summary>
    /// <value>A path. Default: the environment variable <c>CASCADE_DATA</c>, else <c>../shared/data</c>.</value>
    public string? DataDirectory { get; set; }

    /// <summary>The recording.</summary>
    /// <value><c>zeroeval/gsm</c> (default), <c>routellm/gsm8k</c> or <c>openai2021/gsm8k</c>.</value>
    public string DataSet { get; set; } = "zeroeval/gsm";

    /// <summary>The recorded model.</summary>
    /// <value>A name as the recording has it. Default: the endpoint's <see cref="EndpointConfig.Model"/>.</value>
    public string? Model { get; set; }

    /// <summary>How long each answer takes.</summary>
    /// <value>Milliseconds, 0 to 600,000. Default 0.</value>
    public int LatencyMilliseconds { get; set; }
}
