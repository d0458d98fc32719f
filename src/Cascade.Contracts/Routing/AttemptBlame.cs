namespace Cascade.Contracts;

/// <summary>Who is to blame for an attempt without an answer. Only blame of the provider or the network takes an endpoint out of use. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.routing.blame")]
public enum AttemptBlame
{
    /// <summary>Nobody: there is an answer.</summary>
    None = 0,

    /// <summary>The caller went away, or its request is not acceptable to the provider.</summary>
    Caller = 1,

    /// <summary>The account: its money does not suffice, or the provider does not accept the key that it brings.</summary>
    Account = 2,

    /// <summary>The cluster: no capacity in time, or its own storage was out of reach.</summary>
    Cluster = 3,

    /// <summary>The operator: the provider does not accept the configured credentials, or a price is missing.</summary>
    Operator = 4,

    /// <summary>The way to the provider.</summary>
    Network = 5,

    /// <summary>The provider: it failed, did not answer in time, or answered what cannot be understood.</summary>
    Provider = 6,

    /// <summary>The provider's limit on calls or tokens.</summary>
    ProviderLimit = 7,
}

/// <summary>How far an attempt without an answer came. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.routing.stage")]
public enum AttemptStage
{
    /// <summary>To its end: there is an answer.</summary>
    None = 0,

    /// <summary>Its money was not reserved.</summary>
    Reserving = 1,

    /// <summary>It waited for capacity.</summary>
    Queued = 2,

    /// <summary>Its intent was not written.</summary>
    Recording = 3,

    /// <summary>It was not sent.</summary>
    Connecting = 4,

    /// <summary>It was sent and not answered.</summary>
    Waiting = 5,

    /// <summary>What was answered is no answer.</summary>
    Reading = 6,
}
