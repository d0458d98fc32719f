using Cascade.Contracts;
using Cascade.Grains.Model;

namespace Cascade.Grains.Endpoints;

/// <summary>
/// Takes a failing endpoint out for the whole cluster, and lets one call per interval look whether it is back, however many silos and callers
/// wait for it. Only failures of the provider or on the way to it count. Pure.
/// </summary>
internal sealed class CircuitBreaker(HealthModel? health)
{
    private readonly Queue<(DateTimeOffset At, long Answered, long Failed)> _recent = new();
    private long _inRow;
    private DateTimeOffset _nextProbe;

    /// <summary>Whether the endpoint is out.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>How often it was taken out.</summary>
    public long Openings { get; private set; }

    /// <summary>How many probes were let out.</summary>
    public long Probes { get; private set; }

    /// <summary>Learns from what came of calls since the last report.</summary>
    /// <returns>True when the endpoint came back into use.</returns>
    public bool Learn(CallSignals change, DateTimeOffset now)
    {
        if (health is null)
        {
            return false;
        }

        if (IsOpen)
        {
            // Answers that began before it was taken out say nothing of now; only a probe brings it back.
            if (change.ProbesAnswered <= 0)
            {
                return false;
            }

            (IsOpen, _inRow) = (false, 0);
            _recent.Clear();
            return true;
        }

        _inRow = change.Answered > 0 ? 0 : _inRow + change.Failed;
        if (change.Answered > 0 || change.Failed > 0)
        {
            _recent.Enqueue((now, change.Answered, change.Failed));
        }

        while (_recent.TryPeek(out var oldest) && oldest.At + health.Window <= now)
        {
            _recent.Dequeue();
        }

        var (answered, failed) = (_recent.Sum(static r => r.Answered), _recent.Sum(static r => r.Failed));
        var often = failed >= health.MinFailures && failed >= health.FailureRatio * (answered + failed);
        if (change.Failed > 0 && (often || _inRow >= health.MinFailures))
        {
            IsOpen = true;
            Openings++;
            _nextProbe = now + health.ProbeInterval;
            _recent.Clear();
        }

        return false;
    }

    /// <summary>Takes the right to probe, when it is due. A probe whose holder is gone is not missed: the next one is due an interval later.</summary>
    public bool TryTakeProbe(DateTimeOffset now)
    {
        if (!IsOpen || now < _nextProbe)
        {
            return false;
        }

        _nextProbe = now + health!.ProbeInterval;
        Probes++;
        return true;
    }

    /// <summary>How long until a probe is due.</summary>
    public TimeSpan UntilProbe(DateTimeOffset now) => !IsOpen || _nextProbe <= now ? TimeSpan.Zero : _nextProbe - now;
}
