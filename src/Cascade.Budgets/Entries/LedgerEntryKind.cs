namespace Cascade.Budgets;

/// <summary>What an entry says. Values are in storage: append only.</summary>
public enum LedgerEntryKind
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>A holder spent <see cref="LedgerEntry.Amount"/>.</summary>
    Booked = 1,

    /// <summary>An attempt may or may not be billed and is held at these bounds; a later one of the same attempt replaces them.</summary>
    Held = 2,

    /// <summary>The holder told what a held attempt cost; it is booked and no longer held.</summary>
    Resolved = 3,

    /// <summary>Somebody else told what a held attempt cost; it is booked and no longer held.</summary>
    Reconciled = 4,

    /// <summary>Nobody will tell what a held attempt cost; what it is taken for is booked and it is no longer held.</summary>
    Folded = 5,

    /// <summary>The sealed journal of its lease does not name a held attempt; it is no longer held and nothing is booked.</summary>
    Dropped = 6,

    /// <summary>A lease was opened with <see cref="LedgerEntry.Amount"/>.</summary>
    LeaseOpened = 7,

    /// <summary>An open lease was granted <see cref="LedgerEntry.Amount"/> more.</summary>
    LeaseGrown = 8,

    /// <summary>A lease was closed; <see cref="LedgerEntry.Amount"/> was open and is free again.</summary>
    LeaseClosed = 9,

    /// <summary>What a command committed beyond the money that was held for it.</summary>
    Overran = 10,

    /// <summary>All caps are replaced: those that follow directly are the whole list, as many as <see cref="LedgerEntry.Attempts"/>.</summary>
    CapsReplaced = 11,

    /// <summary>
    /// A cap. <see cref="LedgerEntry.Amount"/> counts as spent in the window so far and <see cref="LedgerEntry.At"/> is its start; a window
    /// of the same kind, span and time zone that was there before keeps what it had.
    /// </summary>
    CapSet = 12,

    /// <summary>A floor of the cap before it.</summary>
    FloorSet = 13,

    /// <summary>A cap is changed by <see cref="LedgerEntry.Amount"/> until <see cref="LedgerEntry.ExpiresAt"/>.</summary>
    OverrideSet = 14,

    /// <summary>An override ended: it expired, was revoked, or its cap was taken away.</summary>
    OverrideEnded = 15,

    /// <summary>What a window has settled and unconfirmed reached <see cref="LedgerEntry.Percent"/> of its cap.</summary>
    Alerted = 16,

    /// <summary>An observed cap would have refused a grant that needed <see cref="LedgerEntry.Amount"/>.</summary>
    WouldRefuse = 17,
}
