using Cascade.Budgets;

namespace Cascade.TestKit.Auditing;

/// <summary>A cap that was set, and since when the auditor counts for it.</summary>
internal sealed class AuditedWindow(WindowCap cap)
{
    private const long Pieces = 60;

    public WindowCap Cap => cap;

    public DateTimeOffset Start { get; set; }

    /// <summary>What was taken for spent in the window when it was first set.</summary>
    public AuditedBooking Seed { get; init; }

    /// <summary>The first booking that counts.</summary>
    public int FirstBooking { get; init; }

    /// <summary>The first booking that counts for each floor.</summary>
    public Dictionary<string, int> FloorSince { get; } = [];

    public List<CapOverride> Overrides { get; init; } = [];

    public decimal Excuse { get; set; }

    public decimal FloorExcuse { get; set; }

    public int TopAlert { get; set; }

    public long WouldRefuse { get; set; }

    public decimal WouldRefuseAmount { get; set; }

    public decimal Limit => Math.Max(0, cap.Limit.Nanos + Overrides.Sum(o => (decimal)o.Change.Nanos));

    /// <summary>The start at an instant: in a rolling window no earlier than it must be by a piece, and never later than the span.</summary>
    public DateTimeOffset StartAt(DateTimeOffset clock)
    {
        if (cap.Window != WindowKind.Rolling)
        {
            return Calendar.StartOf(cap.Window, cap.TimeZone, clock);
        }

        var piece = (long)Math.Ceiling(cap.Span.Ticks / (decimal)Pieces);
        var start = new DateTimeOffset(((clock.UtcTicks / piece) - Pieces) * piece, TimeSpan.Zero);
        return start <= clock - cap.Span && start > clock - cap.Span - TimeSpan.FromTicks(piece + Pieces)
            ? start
            : throw new InvalidOperationException($"a window of {cap.Span} cannot start at {start:O} when it is {clock:O}");
    }

    /// <summary>The earliest instant by the ledger's clock.</summary>
    public DateTimeOffset EarliestNow => cap.Window == WindowKind.Rolling
        ? Start.AddTicks((long)Math.Ceiling(cap.Span.Ticks / (decimal)Pieces) * Pieces)
        : Start;
}

/// <summary>Money that was booked.</summary>
internal readonly record struct AuditedBooking(decimal Amount, DateTimeOffset At, string Beneficiary = "");
