namespace Cascade.Contracts;

/// <summary>
/// The outcome of a command to a budget. Values are on the wire and in storage: append only. When several apply, the lowest value wins.
/// </summary>
[GenerateSerializer, Alias("cascade.budget.status")]
public enum BudgetStatus
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>Done.</summary>
    Ok = 1,

    /// <summary>The same operation id came before with other content; nothing was done.</summary>
    OperationMismatch = 2,

    /// <summary>No such account is configured.</summary>
    UnknownAccount = 3,

    /// <summary>A value of the command is out of range.</summary>
    InvalidCommand = 4,

    /// <summary>No such lease is open; it was closed or reclaimed.</summary>
    UnknownLease = 5,

    /// <summary>The lease exists under a newer epoch; the holder must stop using it.</summary>
    StaleEpoch = 6,

    /// <summary>The hard caps leave less than the least that was asked for, whatever anybody returns.</summary>
    CapReached = 7,

    /// <summary>The money is there but leased to other holders; ask again soon.</summary>
    HeldByOthers = 8,
}
