using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Tells when the spend of a window reaches a percentage of its cap: settled and unconfirmed, without open leases.</summary>
internal static class Alerting
{
    // A window that slides falls below a threshold and reaches it again with every call, so it must fall well below first.
    private const long RearmPercent = 90;

    /// <summary>Writes an entry for every threshold that is newly reached.</summary>
    public static LedgerState Raise(LedgerState state, LedgerStep step)
    {
        ImmutableArray<WindowState>.Builder? changed = null;
        for (var i = 0; i < state.Windows.Length; i++)
        {
            var window = state.Windows[i];
            if (window.Cap.AlertPercents.IsEmpty)
            {
                continue;
            }

            var level = window.Settled + LedgerWindows.Held(state, window);
            var alerted = Raise(window, level, step);
            if (alerted != window.AlertedPercent)
            {
                changed ??= state.Windows.ToBuilder();
                changed[i] = window with { AlertedPercent = alerted };
            }
        }

        return changed is null ? state : state with { Windows = changed.MoveToImmutable() };
    }

    /// <summary>Arms the thresholds again that a raised limit is above of.</summary>
    public static WindowState Rearm(LedgerState state, WindowState window, Money oldLimit) => window.Limit <= oldLimit
        ? window
        : window with { AlertedPercent = Math.Min(window.AlertedPercent, Highest(window, window.Settled + LedgerWindows.Held(state, window))) };

    private static int Raise(WindowState window, Money level, LedgerStep step)
    {
        var alerted = window.Cap.Window == WindowKind.Rolling ? Slide(window, level) : window.AlertedPercent;
        foreach (var percent in window.Cap.AlertPercents)
        {
            if (percent > alerted && Reaches(window, level, percent))
            {
                alerted = percent;
                step.Write(CapEntries.Of(step, LedgerEntryKind.Alerted, window.Cap) with
                {
                    Percent = percent,
                    Amount = level,
                    Upper = window.Limit,
                });
            }
        }

        return alerted;
    }

    private static int Slide(WindowState window, Money level)
    {
        var kept = 0;
        foreach (var percent in window.Cap.AlertPercents)
        {
            kept = percent <= window.AlertedPercent && (Int128)level.Nanos * 100 * 100 >= (Int128)window.Limit.Nanos * percent * RearmPercent
                ? percent
                : kept;
        }

        return kept;
    }

    private static int Highest(WindowState window, Money level)
    {
        var highest = 0;
        foreach (var percent in window.Cap.AlertPercents)
        {
            highest = Reaches(window, level, percent) ? percent : highest;
        }

        return highest;
    }

    private static bool Reaches(WindowState window, Money level, int percent) =>
        level > Money.Zero && (Int128)level.Nanos * 100 >= (Int128)window.Limit.Nanos * percent;
}
