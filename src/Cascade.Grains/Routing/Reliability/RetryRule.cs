using Cascade.Contracts;
using Cascade.Grains.Model;

namespace Cascade.Grains.Routing;

/// <summary>When a failed call may be made again, and after what wait. Pure.</summary>
internal static class RetryRule
{
    /// <summary>
    /// Whether a call may be made again where it was made. Only blame of the provider, of its limit or of the way to it can pass by itself; and only
    /// what is provably not billed is free to repeat. A call that was never made has waited for its place already.
    /// </summary>
    /// <param name="attempt">How the call ended.</param>
    /// <param name="unconfirmedToo">Whether a call that may have been billed counts as well.</param>
    public static bool MayPass(AttemptRecord attempt, bool unconfirmedToo) =>
        attempt is { Outcome: AttemptOutcome.Failed, Blame: AttemptBlame.Network or AttemptBlame.Provider or AttemptBlame.ProviderLimit }
        && (attempt.Booking == Booking.Voided || unconfirmedToo);

    /// <summary>
    /// How long to wait: a random part of a bound that doubles, so that callers who failed together do not come back together; on top of what the
    /// provider asked for.
    /// </summary>
    /// <param name="model">The endpoint's settings.</param>
    /// <param name="repetition">Which repetition it is, from 0.</param>
    /// <param name="unit">A random number, 0 to 1.</param>
    /// <param name="asked">What the provider asked for; zero when it did not.</param>
    public static TimeSpan Wait(ReliabilityModel model, int repetition, double unit, TimeSpan asked) =>
        asked + (model.RetryBackoff * (Math.ScaleB(1, repetition) * unit));
}
