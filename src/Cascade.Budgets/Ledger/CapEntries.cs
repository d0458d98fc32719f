namespace Cascade.Budgets;

/// <summary>Entries that speak of a cap.</summary>
internal static class CapEntries
{
    public static LedgerEntry Of(LedgerStep step, LedgerEntryKind kind, WindowCap cap) => step.Entry(kind) with
    {
        Window = cap.Window,
        Span = cap.Span,
        TimeZone = cap.TimeZone,
        Mode = cap.Mode,
    };
}
