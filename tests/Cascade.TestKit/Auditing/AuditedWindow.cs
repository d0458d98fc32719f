using Cascade.Budgets;

namespace Cascade.TestKit.Auditing;

/// <summary>A cap that was set, and since when the auditor counts for it.</summary>
internal sealed class AuditedWindow(WindowCap cap)
{
    public WindowCap Cap { get; set; } = cap;

    public DateTimeOffset Start { get; set; }

    public decimal Seed { get; set; }

    public int FirstBooking { get; set; }

    public decimal Excuse { get; set; }
}

/// <summary>Money that was booked.</summary>
internal readonly record struct AuditedBooking(decimal Amount, DateTimeOffset At);
