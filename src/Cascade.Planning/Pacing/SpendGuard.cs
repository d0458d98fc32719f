namespace Cascade.Planning.Pacing;

/// <summary>
/// The hard cap of a window: money is set aside for the worst case before a call, and what was not needed is given back when the call settles. Pacing
/// makes the mean right; this alone makes the cap hold.
/// </summary>
/// <param name="CapUsd">The cap in dollars.</param>
/// <param name="SpentUsd">What settled calls cost, in dollars.</param>
/// <param name="ReservedUsd">What is set aside for open calls, in dollars.</param>
public readonly record struct SpendGuard(double CapUsd, double SpentUsd, double ReservedUsd)
{
    /// <summary>What is left of the cap after settled calls, in dollars; below 0 only when a call cost more than its worst case.</summary>
    public double RemainingUsd => CapUsd - SpentUsd;

    /// <summary>The most that can be set aside now, in dollars, 0 or more.</summary>
    public double AvailableUsd
    {
        get
        {
            var left = Math.Max(0, CapUsd - (SpentUsd + ReservedUsd));
            return Fits(left) ? left : Math.Max(0, Math.BitDecrement(left));
        }
    }

    /// <summary>Whether a call may be made: spent + reserved + worst ≤ cap. A call that can cost nothing always may.</summary>
    /// <param name="worstUsd">The most the call can cost, in dollars.</param>
    /// <returns>True when it fits. False for NaN.</returns>
    public bool Fits(double worstUsd) => worstUsd == 0 || SpentUsd + ReservedUsd + worstUsd <= CapUsd;

    /// <summary>Sets money aside.</summary>
    /// <param name="worstUsd">The most the call can cost, in dollars, 0 or more; it must fit.</param>
    /// <returns>The guard with the reservation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The amount is negative or does not fit.</exception>
    public SpendGuard Reserve(double worstUsd) => worstUsd >= 0 && Fits(worstUsd)
        ? this with { ReservedUsd = ReservedUsd + worstUsd }
        : throw new ArgumentOutOfRangeException(nameof(worstUsd), worstUsd, "does not fit; ask first and take a cheaper action or none");

    /// <summary>Ends a reservation with what the call cost. The whole cost is booked, even above the worst case.</summary>
    /// <param name="worstUsd">What was set aside.</param>
    /// <param name="costUsd">What the call cost, in dollars, 0 or more.</param>
    /// <returns>The guard after.</returns>
    public SpendGuard Settle(double worstUsd, double costUsd) =>
        this with { SpentUsd = SpentUsd + costUsd, ReservedUsd = Math.Max(0, ReservedUsd - worstUsd) };
}
