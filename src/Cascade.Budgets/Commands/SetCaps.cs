using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>
/// Replaces the caps. A window whose kind, span and time zone stay keeps its spend, and a cap that also keeps its mode keeps its overrides. A new window starts with what is known to lie in it: the
/// lifetime's spend for <see cref="WindowKind.Total"/>, else the largest spend of a window that began no earlier. A cap below what is
/// already committed takes nothing back; it only blocks.
/// </summary>
public sealed record SetCaps : LedgerCommand
{
    /// <summary>The caps, at most <see cref="LedgerLimits.MaxCaps"/>, no two alike in window, span, time zone and mode.</summary>
    public required ImmutableArray<WindowCap> Caps { get; init; }

    internal override void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add("set-caps").Add(Caps.IsDefault ? 0 : Caps.Length);
        foreach (var cap in Caps.IsDefault ? [] : Caps)
        {
            fingerprint.Add((long)cap.Window).Add(cap.Limit.Nanos).Add((long)cap.Mode).Add(cap.TimeZone).Add(cap.Span.Ticks);
            foreach (var percent in cap.AlertPercents.IsDefault ? [] : cap.AlertPercents)
            {
                fingerprint.Add(percent);
            }

            foreach (var floor in cap.Floors.IsDefault ? [] : cap.Floors)
            {
                fingerprint.Add(floor.Beneficiary).Add(floor.Amount.Nanos);
            }
        }
    }
}
