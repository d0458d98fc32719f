namespace Cascade.Grains.Routing;

/// <summary>
/// The time within which a share of an endpoint's calls are answered, learned from one bit of each call: whether it was late. That is known of every
/// call, also of one that lost its race, so the time does not follow the calls that hedging makes faster. It rises by a step with each late call and falls by
/// as much less with each other one as there are more of those, so that it rests where the share is right. Thread-safe.
/// </summary>
internal sealed class HedgeDelay(double share, TimeSpan least, TimeSpan most)
{
    private const double Step = 0.1;

    private readonly Lock _lock = new();
    private double _seconds = least.TotalSeconds;

    /// <summary>The time.</summary>
    public TimeSpan Current
    {
        get
        {
            lock (_lock)
            {
                return TimeSpan.FromSeconds(_seconds);
            }
        }
    }

    /// <summary>Learns whether a call had no answer within <see cref="Current"/>.</summary>
    public void Learn(bool late)
    {
        lock (_lock)
        {
            var next = _seconds * Math.Exp(late ? Step * share : -Step * (1 - share));
            _seconds = Math.Clamp(next, least.TotalSeconds, Math.Max(least.TotalSeconds, most.TotalSeconds));
        }
    }
}
