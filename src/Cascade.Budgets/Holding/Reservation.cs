namespace Cascade.Budgets;

/// <summary>The outcome of a reservation. When several apply, the lowest value wins after <see cref="Reserved"/>.</summary>
public enum ReservationStatus
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The whole upper bound is reserved.</summary>
    Reserved = 1,

    /// <summary>The operation has a reservation, or had one and it ended; nothing was done.</summary>
    DuplicateOperation = 2,

    /// <summary>Everything free is reserved; it is less than the upper bound but at least the floor.</summary>
    Clamped = 3,

    /// <summary>Less than the floor is free; nothing was reserved.</summary>
    Insufficient = 4,
}

/// <summary>An answer to a wish to reserve.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Amount">
/// What is reserved for the operation; what is free (which may be negative) when the outcome is
/// <see cref="ReservationStatus.Insufficient"/>.
/// </param>
public readonly record struct Reservation(ReservationStatus Status, Money Amount);
