namespace Cascade.Contracts;

/// <summary>Coordinates generation, verification and escalation of one request. A stateless worker: owns neither money nor capacity.</summary>
[Alias("cascade.router"), GrainInterfaceType("cascade.router")]
public interface ICascadeRouterGrain : IGrainWithIntegerKey
{
    /// <summary>Answers a request, or says why not. Never throws for a refusal.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the work; money that a provider may bill is booked all the same.</param>
    /// <returns>The reply.</returns>
    [Alias("complete"), ResponseTimeout("00:10:00")]
    Task<CascadeReply> CompleteAsync(CascadeRequest request, CancellationToken cancellationToken = default);

    /// <summary>Answers a request while the answer is made. Never throws for a refusal.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the work, as leaving the stream does; money that a provider may bill is booked all the same.</param>
    /// <returns>The updates; the last one carries the reply.</returns>
    [Alias("stream")]
    IAsyncEnumerable<CascadeUpdate> StreamAsync(CascadeRequest request, CancellationToken cancellationToken = default);
}
