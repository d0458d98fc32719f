namespace Cascade.Budgets;

/// <summary>
/// The outcome of a command to a ledger. Values are in storage: append only. When several apply, the lowest value wins.
/// </summary>
/// <remarks>The names and values are those of the wire's budget status; a test keeps them alike.</remarks>
public enum LedgerStatus
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>Done.</summary>
    Ok = 1,

    /// <summary>The same operation id came before with other content; nothing was done.</summary>
    OperationMismatch = 2,

    /// <summary>No such account; a ledger never answers this, its owner does.</summary>
    UnknownAccount = 3,

    /// <summary>A value of the command is out of range; <see cref="LedgerResult.Problem"/> names it.</summary>
    InvalidCommand = 4,

    /// <summary>No such lease is open.</summary>
    UnknownLease = 5,

    /// <summary>The lease is open under another epoch than the command's.</summary>
    StaleEpoch = 6,

    /// <summary>The hard caps leave less than the least that was asked for, whatever other holders return.</summary>
    CapReached = 7,

    /// <summary>The money is there but leased to other holders.</summary>
    HeldByOthers = 8,
}
