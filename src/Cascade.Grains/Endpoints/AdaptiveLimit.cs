using Cascade.Contracts;
using Cascade.Grains.Model;

namespace Cascade.Grains.Endpoints;

/// <summary>
/// How many calls in flight a provider takes, between a floor and a ceiling: rises by about one per limit's worth of answers while it is in
/// demand, falls by a factor on refusals for rate, on failures, and when answers become slow. Latency is taken per token, so that long answers are
/// not read as slow ones. Pure.
/// </summary>
internal sealed class AdaptiveLimit(int floor, int ceiling, CapacityModel capacity)
{
    private const double OnThrottle = 0.7;
    private const double OnSlow = 0.9;

    // An answer has a cost of its own beside its tokens.
    private const int TokensOfAnAnswer = 20;

    // A latency that differs by less than this per answer is noise of machines, not of a provider.
    private static readonly TimeSpan LeastSlowdown = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1);

    private double _limit = ceiling;
    private double _usual;
    private double _recent;
    private DateTimeOffset _holdUntil;

    /// <summary>The limit.</summary>
    public int Current => capacity.Adaptive ? (int)_limit : ceiling;

    /// <summary>Begins low after the provider was away, so that not everybody comes back at once.</summary>
    public void StartLow() => _limit = Math.Min(_limit, Math.Max(floor, ceiling / 8.0));

    /// <summary>Learns from what came of calls since the last report.</summary>
    /// <param name="change">What came of them on one silo.</param>
    /// <param name="wanted">Calls in flight and waiting, on all silos.</param>
    /// <param name="inFlight">The most calls that may be in flight, on all silos.</param>
    /// <param name="now">The time.</param>
    public void Learn(CallSignals change, int wanted, int inFlight, DateTimeOffset now)
    {
        var slow = IsSlow(change);
        if (now >= _holdUntil && (change.Throttled > 0 || change.Failed > change.Answered || slow))
        {
            // Below what is really in flight, or the cut would touch nothing.
            var used = Math.Clamp(Math.Min(_limit, Math.Max(inFlight, 1)), floor, ceiling);
            _limit = Math.Max(floor, used * (slow && change.Throttled == 0 && change.Failed <= change.Answered ? OnSlow : OnThrottle));
            _holdUntil = now + Hold;
        }
        else if (change.Throttled == 0 && !slow && change.Answered > 0 && wanted >= _limit)
        {
            _limit = Math.Min(ceiling, _limit + Math.Max(change.Answered / _limit, _limit < ceiling / 2.0 ? 1 : 0));
        }
    }

    private bool IsSlow(CallSignals change)
    {
        if (change.Timed <= 0)
        {
            return false;
        }

        var tokens = change.OutputTokens + (TokensOfAnAnswer * change.Timed);
        var each = change.Latency.TotalSeconds / tokens;
        _recent = _recent == 0 ? each : (0.5 * _recent) + (0.5 * each);

        // Follows falling latency at once and rising latency slowly, or overload would become the usual.
        _usual = _usual == 0 ? each : Math.Min(_recent, _usual + (0.002 * _usual));
        var slowdown = (_recent - _usual) * tokens / change.Timed;
        return _recent > _usual * capacity.LatencyTolerance && slowdown > LeastSlowdown.TotalSeconds;
    }
}
