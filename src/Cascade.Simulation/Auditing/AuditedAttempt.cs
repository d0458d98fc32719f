using Cascade.Simulation.World;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.Auditing;

/// <summary>What is true of one call in one of the budgets that pay for it, whoever knows it.</summary>
internal sealed class AuditedAttempt(string id, string leaseId, long upper)
{
    public string Id => id;

    /// <summary>The lease whose stream has its intent.</summary>
    public string LeaseId { get; set; } = leaseId;

    /// <summary>The most it may cost.</summary>
    public long Upper { get; set; } = upper;

    /// <summary>Whether the intent is in the stream.</summary>
    public bool HasIntent { get; set; }

    /// <summary>Whether an end is in the stream.</summary>
    public bool HasEnd { get; set; }

    /// <summary>Whether nothing but the exposure of its lease speaks of it.</summary>
    public bool IsUnwritten => Called && !HasIntent && !HasEnd;

    /// <summary>Whether the call was made; an intent alone costs nothing.</summary>
    public bool Called { get; set; }

    /// <summary>Which child of the budget's account it was made for, when that has a floor.</summary>
    public string Beneficiary { get; set; } = "";

    /// <summary>Who made it.</summary>
    public SimSilo? Silo { get; set; }

    /// <summary>True time of the call.</summary>
    public TimeSpan At { get; set; }

    /// <summary>What the provider bills.</summary>
    public long Bill { get; set; }

    /// <summary>How it ends for the silo that made it.</summary>
    public CallEnd End { get; set; }

    /// <summary>Whether the silo has heard of the end.</summary>
    public bool Ended { get; set; }

    /// <summary>The end that the silo was told to be durable.</summary>
    public JournalEntryKind Promised { get; set; }

    public long Overrun => Math.Max(0, Bill - Upper);

    /// <summary>The most that the ledger may hold for it by now.</summary>
    public long MostHeld => Promised switch
    {
        JournalEntryKind.Settle => Bill,
        JournalEntryKind.Void => 0,
        _ => Math.Max(Bill, Upper),
    };

    /// <summary>Whether the one silo that knows the end is there to tell it.</summary>
    public bool EndIsKnown => Ended && End != CallEnd.Unknown && Silo is { Context.IsDead: false };
}
