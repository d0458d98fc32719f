namespace Cascade.Grains.Configuration;

/// <summary>The silo's place in the cluster.</summary>
public sealed class ClusterConfig
{
    /// <summary>The port on which silos talk to each other; 0 picks a free one.</summary>
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port on which Orleans clients reach the silo; 0 picks a free one.</summary>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The IP address that the silo tells others to reach it at.</summary>
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>Whether the silo listens on every address of the machine instead of the advertised one only.</summary>
    public bool ListenOnAnyAddress { get; set; }
}
