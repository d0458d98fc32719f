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

    /// <summary>How long a silo waits for another one's answer to a probe.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many probes in a row a silo may miss before it is voted dead.</summary>
    public int MissedProbesLimit { get; set; } = 2;

    /// <summary>How often the list of silos is read, and how often a silo writes that it is alive.</summary>
    public TimeSpan MembershipRefresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a short call between grains may take; questions to models have their own, longer limit.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
