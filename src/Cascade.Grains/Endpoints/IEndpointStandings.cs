using Cascade.Grains.Model;

namespace Cascade.Grains.Endpoints;

/// <summary>How endpoints stand, as far as this silo knows; what it does not use counts as well.</summary>
internal interface IEndpointStandings
{
    /// <summary>How one endpoint stands.</summary>
    EndpointStanding StandingOf(EndpointModel endpoint);
}

/// <summary>How an endpoint stands on a silo.</summary>
/// <param name="IsOut">Whether it is out of use because it fails, and no call may look whether it is back.</param>
internal readonly record struct EndpointStanding(bool IsOut);
