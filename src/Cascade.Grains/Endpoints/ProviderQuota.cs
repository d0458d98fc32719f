using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>
/// How many calls a provider would still take, by its own last word. What is left grows evenly until everything is there again, where the provider
/// says how much that is; otherwise it stays until then. Pure.
/// </summary>
internal sealed class ProviderQuota(long expectedTokens)
{
    private (QuotaLeft Left, DateTimeOffset At)? _requests;
    private (QuotaLeft Left, DateTimeOffset At)? _tokens;
    private DateTimeOffset _saidAt;

    /// <summary>Learns what a silo heard. The provider's newest word counts, each being its own count; a stream brings its word when it ends.</summary>
    /// <param name="requests">Calls left; null for nothing new.</param>
    /// <param name="tokens">Tokens left; null for nothing new.</param>
    /// <param name="age">How long ago the provider said so.</param>
    /// <param name="now">The time.</param>
    public void Learn(QuotaLeft? requests, QuotaLeft? tokens, TimeSpan age, DateTimeOffset now)
    {
        if ((requests ?? tokens) is null || now - age < _saidAt)
        {
            return;
        }

        _saidAt = now - age;
        _requests = requests is null ? _requests : (requests, now);
        _tokens = tokens is null ? _tokens : (tokens, now);
    }

    /// <summary>Calls left; null when nothing is known.</summary>
    public long? Requests(DateTimeOffset now) => Left(_requests, now) is { } left ? (long)left : null;

    /// <summary>Tokens left; null when nothing is known.</summary>
    public long? Tokens(DateTimeOffset now) => Left(_tokens, now) is { } left ? (long)left : null;

    /// <summary>Calls of usual size that may be begun; null when nothing bounds them.</summary>
    public int? Calls(DateTimeOffset now)
    {
        var calls = Math.Min(Left(_requests, now) ?? double.MaxValue, (Left(_tokens, now) ?? double.MaxValue) / Math.Max(1, expectedTokens));
        return calls >= int.MaxValue ? null : (int)calls;
    }

    /// <summary>How long until one call may be begun; zero when one may be now.</summary>
    public TimeSpan UntilOne(DateTimeOffset now)
    {
        var (requests, tokens) = (Wait(_requests, 1, now), Wait(_tokens, Math.Max(1, expectedTokens), now));
        return requests > tokens ? requests : tokens;
    }

    private static double? Left((QuotaLeft Left, DateTimeOffset At)? known, DateTimeOffset now)
    {
        if (known is not var (left, at) || now - at >= left.ResetIn)
        {
            return null;
        }

        return left.Limit is { } limit && limit > left.Remaining
            ? left.Remaining + ((limit - left.Remaining) * ((now - at) / left.ResetIn))
            : left.Remaining;
    }

    /// <summary>How long until a need is met of what grows evenly until it is all there, or stays until then when nobody says how much that is.</summary>
    /// <param name="left">What is left, at least 0.</param>
    /// <param name="limit">How much there is in all; null when that is not known.</param>
    /// <param name="resetIn">When all is there again.</param>
    /// <param name="need">The need.</param>
    public static TimeSpan Wait(double left, long? limit, TimeSpan resetIn, double need) => left >= need ? TimeSpan.Zero
        : limit is { } most && most >= need ? resetIn * ((need - left) / (most - left))
        : resetIn;

    private static TimeSpan Wait((QuotaLeft Left, DateTimeOffset At)? known, double need, DateTimeOffset now)
    {
        if (Left(known, now) is not { } left)
        {
            return TimeSpan.Zero;
        }

        var (quota, at) = known!.Value;
        return Wait(left, quota.Limit, at + quota.ResetIn - now, need);
    }
}
