using Cascade.Contracts;
using Cascade.Providers.Calling;

namespace Cascade.Grains.Endpoints;

/// <summary>
/// What calls that ended say of when the next may begin. What the provider asks for by name (<c>Retry-After</c>) lasts until it is over. What follows from
/// its count of what is left lasts until there is a newer count, here or on another silo.
/// </summary>
internal sealed partial class EndpointGate
{
    private ProviderLimits? _limits;
    private long _limitsAt;
    private long _saidAt;
    private long _askedUntil;
    private long _countedUntil;
    private long _countedAt;
    private long _toldUntil;

    private long PausedUntil => Math.Max(_askedUntil, Math.Max(_countedUntil, _toldUntil));

    /// <summary>Until then neither the grain nor the provider has anything to give.</summary>
    private long NotBefore => Math.Max(_askAfter, PausedUntil);

    /// <returns>Whether the grain must hear of it at once.</returns>
    private bool Learn(PermitSlot slot, in CallReport report, long now)
    {
        var said = Newest(report.Limits, now);
        if (report.Effect is CallEffect.Throttled or CallEffect.Failed && report.RetryAfter is { } wait && wait > TimeSpan.Zero)
        {
            _askedUntil = Math.Max(_askedUntil, now + Ticks(wait));
            SendAway(now);
            return true;
        }

        if (report.Effect != CallEffect.Failed && said is not null && Count(said, now))
        {
            return true;
        }

        _failuresUnsaid += report.Effect is CallEffect.Failed or CallEffect.Throttled ? 1 : 0;
        return slot.IsProbe || _failuresUnsaid >= UrgentFailures || IsScarce(said);
    }

    /// <summary>What a provider says, when it has said nothing since: the head of a stream is heard of when the stream ends.</summary>
    private ProviderLimits? Newest(ProviderLimits? limits, long now)
    {
        if (limits is null || now - Ticks(limits.Age) < _saidAt)
        {
            return null;
        }

        (_limits, _limitsAt, _saidAt) = (limits, now, now - Ticks(limits.Age));
        return limits;
    }

    /// <summary>Takes the provider's newest count for true, whether it says to wait longer or less long than the one before.</summary>
    /// <returns>Whether somebody must wait for it, or need not any more.</returns>
    private bool Count(ProviderLimits limits, long now)
    {
        var wasPaused = PausedUntil > now;
        (_countedUntil, _countedAt) = (now + Ticks(ProviderPause.UntilOne(limits, _endpoint.Capacity.ExpectedTokens).GetValueOrDefault()), now);
        SendAway(now);
        return _countedUntil > now || wasPaused;
    }

    /// <summary>Whether the provider would take so few more calls that all silos must know at once.</summary>
    private bool IsScarce(ProviderLimits? limits) =>
        limits?.Requests?.Remaining <= 2 * _granted || limits?.Tokens?.Remaining <= 2 * _granted * _endpoint.Capacity.ExpectedTokens;

    private QuotaLeft? Left(LimitLeft? left, long now) => left is not null && left.ResetIn - Until(now, _limitsAt) is var reset && reset > TimeSpan.Zero
        ? new QuotaLeft { Remaining = left.Remaining, Limit = left.Limit, ResetIn = reset }
        : null;

    /// <summary>The grain has heard all silos. What this one counted and said is in its answer, unless there is something newer here.</summary>
    private void ApplyPause(CapacityReply reply, CapacityRequest message, long sent, long now)
    {
        _toldUntil = now + Ticks(reply.PausedFor);
        if (_countedAt <= sent && message is not { RequestsLeft: null, TokensLeft: null })
        {
            _countedUntil = 0;
        }

        SendAway(now);
    }

    /// <summary>Sends away who cannot wait until the pause is over.</summary>
    private void SendAway(long now)
    {
        var until = PausedUntil;
        if (until <= now)
        {
            return;
        }

        foreach (var waiter in _interactive.All.Concat(_batch.All).Where(w => w.Deadline < until).ToList())
        {
            Turn(waiter, PermitRefusal.Paused, Bounded(Until(until, now)));
        }
    }
}
