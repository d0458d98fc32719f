namespace Cascade.Budgets;

/// <summary>What follows from a status.</summary>
public static class LedgerStatusExtensions
{
    /// <summary>Whether the same command may succeed later without anybody changing a cap or a window rolling.</summary>
    /// <param name="status">The status.</param>
    /// <returns>True only for <see cref="LedgerStatus.HeldByOthers"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The status is <see cref="LedgerStatus.None"/> or not defined.</exception>
    public static bool IsTransient(this LedgerStatus status) => status switch
    {
        LedgerStatus.Ok => false,
        LedgerStatus.OperationMismatch => false,
        LedgerStatus.UnknownAccount => false,
        LedgerStatus.InvalidCommand => false,
        LedgerStatus.UnknownLease => false,
        LedgerStatus.StaleEpoch => false,
        LedgerStatus.CapReached => false,
        LedgerStatus.HeldByOthers => true,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "not a status that a ledger answers with"),
    };
}
