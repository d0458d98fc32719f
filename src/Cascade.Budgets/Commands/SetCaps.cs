using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>
/// Replaces the caps. A window whose kind and time zone stay keeps its spend. A new window starts with what is known to lie in it: the
/// lifetime's spend for <see cref="WindowKind.Total"/>, else the largest spend of a window that began no earlier. A cap below what is
/// already committed takes nothing back; it only blocks.
/// </summary>
public sealed record SetCaps : LedgerCommand
{
    /// <summary>The caps, at most <see cref="LedgerLimits.MaxCaps"/>, no two alike in window, time zone and hardness.</summary>
    public required ImmutableArray<WindowCap> Caps { get; init; }

    internal override void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add("set-caps").Add(Caps.IsDefault ? 0 : Caps.Length);
        foreach (var cap in Caps.IsDefault ? [] : Caps)
        {
            fingerprint.Add((long)cap.Window).Add(cap.Limit.Nanos).Add(cap.Hard ? 1 : 0).Add(cap.TimeZone);
        }
    }
}
