using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.State;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>One lease in this silo: its book, its journal stream and what the grain has not been told yet. Guarded by its purse's lock.</summary>
internal sealed class LeaseSession(Purse purse, HolderId holder, string leaseId, long epoch)
{
    public LeaseBook Book { get; } = new(leaseId, epoch);

    public JournalKey Journal { get; } = new(purse.Budget.ToString(), leaseId);

    public Purse Purse => purse;

    public HolderId Holder => holder;

    /// <summary>The timestamp from which the lease must not be used, unless renewed.</summary>
    public long UsableUntil { get; set; }

    /// <summary>When a reservation was last made or ended.</summary>
    public long LastUsed { get; set; }

    /// <summary>Reservations made since the lease was opened.</summary>
    public int Reservations { get; set; }

    /// <summary>Whether the grain has not heard the latest totals.</summary>
    public bool Dirty { get; set; }

    /// <summary>The stream was sealed: the lease has been reclaimed and nothing may be spent under it.</summary>
    public bool Fenced { get; set; }

    /// <summary>The grain has been told the final totals: nothing may change any more.</summary>
    public bool Closing { get; set; }

    /// <summary>Journal entries that are not durable yet.</summary>
    public int PendingWrites { get; set; }

    /// <summary>The most that calls may add up to of which the journal does not have the latest word; durable with the lease.</summary>
    public long Exposure { get; set; }

    /// <summary>What such calls add up to.</summary>
    public long Exposed { get; set; }

    /// <summary>Calls were made whose intents the sealed stream does not have.</summary>
    public bool HasLost { get; set; }

    /// <summary>What those calls cost.</summary>
    public long LostNanos { get; set; }

    /// <summary>Of some call nobody knows whether the stream has it, or what it cost.</summary>
    public bool LostIsUnclear { get; set; }

    /// <summary>Nothing is reserved and nothing is being written: the lease can be given back.</summary>
    public bool IsQuiet => !Book.HasReservations && PendingWrites == 0;

    public LeaseUsage Usage() => LeaseMapping.Usage(Book.Totals());
}
