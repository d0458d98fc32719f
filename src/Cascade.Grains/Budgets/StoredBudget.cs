using System.Collections.Immutable;
using Cascade.Budgets;

namespace Cascade.Grains.Budgets;

/// <summary>What is stored of one budget, as far as reports need it.</summary>
public sealed record StoredBudget
{
    /// <summary>The budget.</summary>
    public required string Budget { get; init; }

    /// <summary>Everything settled since it was opened.</summary>
    public required Money Settled { get; init; }

    /// <summary>The time zone of its days: that of its first calendar cap, else UTC.</summary>
    public required string TimeZone { get; init; }

    /// <summary>The attempts whose cost is open, by their ids.</summary>
    public required ImmutableSortedDictionary<string, UnconfirmedEntry> Unconfirmed { get; init; }

    internal static StoredBudget Of(string budget, LedgerRecord record)
    {
        var state = record.ToState();
        return new StoredBudget
        {
            Budget = budget,
            Settled = state.Settled,
            TimeZone = ZoneOf(state.Windows.Select(w => w.Cap)),
            Unconfirmed = state.Unconfirmed.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }

    /// <summary>The time zone of the days of an account with these caps.</summary>
    internal static string ZoneOf(IEnumerable<WindowCap> caps) =>
        caps.FirstOrDefault(c => c.Window is WindowKind.Hour or WindowKind.Day or WindowKind.Week or WindowKind.Month)?.TimeZone ?? "UTC";
}
