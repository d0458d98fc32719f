namespace Cascade.Planning.Pacing;

/// <summary>
/// Moves the shadow price of an account's money so that spend, or quality, follows a target: state and report in, state out. Implementations are
/// pure, immutable and thread-safe; what has to be remembered is in <see cref="PacerState"/>.
/// </summary>
/// <remarks>
/// A decision takes the action with the highest q̂ − λ·ĉ in linear dollars and the cheaper one on a tie. The price makes the mean right; only a
/// reservation of the worst case (<see cref="SpendGuard"/>) makes a cap hard.
/// </remarks>
public interface IPacer
{
    /// <summary>The highest price this pacer sets, in quality per dollar, at least 0.</summary>
    double MaxPrice { get; }

    /// <summary>Starts from a price that is known, for example from <see cref="PriceSchedule"/> or from the window before.</summary>
    /// <param name="price">The price in quality per dollar; NaN counts as 0, and the price is brought into the pacer's range.</param>
    /// <returns>The state to update from.</returns>
    PacerState Start(double price);

    /// <summary>Takes in settled requests.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="report">What was settled and what is left.</param>
    /// <returns>The state after; its price is never NaN, below 0 or above <see cref="MaxPrice"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count or the spend is negative, or an amount is not a number.</exception>
    PacerState Update(PacerState state, in PacingReport report);
}
