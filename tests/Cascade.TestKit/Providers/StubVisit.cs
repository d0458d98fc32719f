namespace Cascade.TestKit.Providers;

/// <summary>One request at the stub, with its times on the stub's own clock.</summary>
public sealed class StubVisit
{
    private const long StillHere = -1;
    private long _endedAt = StillHere;

    /// <summary>A request that has arrived.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="arrivedAt">When its head had arrived.</param>
    public StubVisit(StubRequest request, TimeSpan arrivedAt) => (Request, ArrivedAt) = (request, arrivedAt);

    /// <summary>What was asked.</summary>
    public StubRequest Request { get; }

    /// <summary>When its head had arrived.</summary>
    public TimeSpan ArrivedAt { get; }

    /// <summary>When its answer was about to be sent, or it ended without one; null while it is served.</summary>
    public TimeSpan? EndedAt => Volatile.Read(ref _endedAt) is var ticks and not StillHere ? new TimeSpan(ticks) : null;

    /// <summary>Says that it has ended; only the first time counts.</summary>
    /// <param name="at">When.</param>
    public void End(TimeSpan at) => Interlocked.CompareExchange(ref _endedAt, at.Ticks, StillHere);
}
