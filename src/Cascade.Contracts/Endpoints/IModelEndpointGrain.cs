namespace Cascade.Contracts;

/// <summary>
/// Owns the capacity of one provider endpoint and accounts for its cost; its key is the endpoint's name. Never makes the model call itself.
/// </summary>
[Alias("cascade.endpoint"), GrainInterfaceType("cascade.endpoint")]
public interface IModelEndpointGrain : IGrainWithStringKey
{
    /// <summary>Sets how many calls a silo may have in flight, by its demand and what others hold. Durable before it returns.</summary>
    /// <param name="request">The silo's demand and usage.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The slice.</returns>
    [Alias("acquire"), ResponseTimeout("00:00:03")]
    Task<CapacityReply> AcquireAsync(CapacityRequest request, CancellationToken cancellationToken = default);

    /// <summary>Tells how busy the endpoint is and what it has cost.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The snapshot.</returns>
    [Alias("snapshot"), ResponseTimeout("00:00:10")]
    Task<EndpointSnapshot> GetSnapshotAsync(CancellationToken cancellationToken = default);
}
