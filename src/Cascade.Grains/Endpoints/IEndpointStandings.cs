using Cascade.Grains.Model;

namespace Cascade.Grains.Endpoints;

/// <summary>How endpoints stand, as far as this silo knows.</summary>
internal interface IEndpointStandings
{
    /// <summary>How one endpoint stands.</summary>
    EndpointStanding StandingOf(EndpointModel endpoint);

    /// <summary>Says that a call would go to an endpoint that is out if it were back, so that somebody looks.</summary>
    void WishFor(EndpointModel endpoint);

    /// <summary>Has this silo prefer the other deployments of a group for a while.</summary>
    void Eject(EndpointModel endpoint, TimeSpan time);
}

/// <summary>How an endpoint stands on a silo.</summary>
internal readonly record struct EndpointStanding
{
    /// <summary>Whether it is out of use because it fails, and no call may look whether it is back.</summary>
    public bool IsOut { get; init; }

    /// <summary>Whether it is out of use and one call may look whether it is back.</summary>
    public bool MayProbe { get; init; }

    /// <summary>How long its provider wants no calls.</summary>
    public TimeSpan PausedFor { get; init; }

    /// <summary>How long this silo prefers other deployments.</summary>
    public TimeSpan EjectedFor { get; init; }

    /// <summary>Tokens of this silo's calls that are under way or wait, over the calls that the endpoint takes at once.</summary>
    public double Load { get; init; }

    /// <summary>The price of its scarcity, in quality per token.</summary>
    public double CongestionPrice { get; init; }

    public EndpointFitness Fitness => IsOut ? EndpointFitness.Out
        : PausedFor > TimeSpan.Zero ? EndpointFitness.Paused
        : EjectedFor > TimeSpan.Zero ? EndpointFitness.Ejected
        : EndpointFitness.Fit;
}

/// <summary>How fit an endpoint is for a call; the lowest is preferred.</summary>
internal enum EndpointFitness
{
    /// <summary>Fit.</summary>
    Fit = 0,

    /// <summary>It has fared worse than its equals of late.</summary>
    Ejected = 1,

    /// <summary>Its provider wants no calls for a while.</summary>
    Paused = 2,

    /// <summary>It is out of use.</summary>
    Out = 3,
}
