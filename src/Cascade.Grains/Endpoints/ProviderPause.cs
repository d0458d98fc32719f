using Cascade.Providers.Calling;

namespace Cascade.Grains.Endpoints;

/// <summary>How long a provider wants no calls, from how one of them ended. Pure.</summary>
internal static class ProviderPause
{
    /// <summary>What a provider asks for; if it does not say, how long it takes by its own count until it would take one more call.</summary>
    /// <param name="report">How the call ended.</param>
    /// <param name="expectedTokens">Tokens of a typical call.</param>
    public static TimeSpan? Of(in CallReport report, long expectedTokens) => report.Effect switch
    {
        CallEffect.Throttled => report.RetryAfter ?? UntilOne(report.Limits, expectedTokens),
        CallEffect.Failed => report.RetryAfter,
        _ => UntilOne(report.Limits, expectedTokens),
    };

    /// <summary>How long it takes by a provider's own count until it would take one more call; null when it does not count.</summary>
    /// <param name="limits">What it says.</param>
    /// <param name="expectedTokens">Tokens of a typical call.</param>
    public static TimeSpan? UntilOne(ProviderLimits? limits, long expectedTokens)
    {
        if (limits is null)
        {
            return null;
        }

        var (requests, tokens) = (Until(limits.Requests, 1), Until(limits.Tokens, expectedTokens));
        return requests > tokens ? requests : tokens;
    }

    private static TimeSpan Until(LimitLeft? left, long need) =>
        left is null ? TimeSpan.Zero : ProviderQuota.Wait(left.Remaining, left.Limit, left.ResetIn, need);
}
