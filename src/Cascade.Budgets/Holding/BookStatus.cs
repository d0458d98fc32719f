namespace Cascade.Budgets;

/// <summary>
/// The outcome of a step of an operation in a lease book. The first outcome of an operation is kept: the same step with the same amount is
/// <see cref="Ok"/> again and has no second effect, any other step is told what came first.
/// </summary>
public enum BookStatus
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>Done, now or before.</summary>
    Ok = 1,

    /// <summary>No such operation has a reservation, or it ended so long ago that it is forgotten.</summary>
    UnknownOperation = 2,

    /// <summary>The operation is settled, perhaps at another cost.</summary>
    AlreadySettled = 3,

    /// <summary>The operation is voided or expired before it started; its call must not be made.</summary>
    AlreadyVoided = 4,

    /// <summary>The outcome of the operation is unknown; it can only be settled.</summary>
    AlreadyUnconfirmed = 5,

    /// <summary>The operation's call has started, so what is reserved for it can no longer be lowered.</summary>
    AlreadyStarted = 6,
}
