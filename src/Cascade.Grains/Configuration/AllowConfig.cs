namespace Cascade.Grains.Configuration;

/// <summary>Which endpoints an account may use. A list that is empty leaves nobody out; an endpoint must pass all the others.</summary>
public sealed class AllowConfig
{
    /// <summary>Names of endpoints and groups; the endpoint must be one of them, or in one of them.</summary>
    public List<string> Endpoints { get; set; } = [];

    /// <summary>Regions; the endpoint must be in one of them.</summary>
    public List<string> Regions { get; set; } = [];

    /// <summary>Tags; the endpoint must have every one of them.</summary>
    public List<string> Tags { get; set; } = [];

    /// <summary>Kinds of providers; the endpoint's must be one of them.</summary>
    public List<string> Providers { get; set; } = [];
}
