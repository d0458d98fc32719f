using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>
/// Adds up what entries say was spent, told apart as asked. The sums of any telling apart add up to the same total, because every entry falls
/// into exactly one group. Memory grows with the groups, not with the entries.
/// </summary>
/// <param name="filter">What to count and how to tell it apart.</param>
public sealed class SpendQuery(SpendFilter filter)
{
    private readonly Dictionary<SpendGroup, SpendSum> _groups = [];
    private readonly SpendCalendar _calendar = new(filter.By, filter.TimeZone);

    /// <summary>How many groups there are so far.</summary>
    public int Groups => _groups.Count;

    /// <summary>Everything that was counted.</summary>
    public SpendSum Total { get; private set; }

    /// <summary>The groups, by account, then period, then endpoint.</summary>
    /// <returns>Each with its sums.</returns>
    public ImmutableArray<SpendRow> Rows() =>
    [
        .. _groups
            .Select(g => new SpendRow(g.Key, g.Value))
            .OrderBy(r => r.Group.Account, StringComparer.Ordinal)
            .ThenBy(r => r.Group.Period)
            .ThenBy(r => r.Group.Endpoint, StringComparer.Ordinal),
    ];

    /// <summary>Counts an entry, when it books money or ends requests within the filter's time.</summary>
    /// <param name="account">Whose entry it is.</param>
    /// <param name="entry">The entry.</param>
    public void Take(string account, LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(entry);
        if (!Books(entry.Kind) || entry.At < filter.From || entry.At >= filter.To)
        {
            return;
        }

        var sum = SpendSum.Of(entry);
        if (sum.IsZero)
        {
            return;
        }

        var group = new SpendGroup(
            filter.By.HasFlag(SpendDimensions.Account) ? account : "",
            _calendar.PeriodOf(entry.At),
            filter.By.HasFlag(SpendDimensions.Model) ? entry.Endpoint : "");
        _groups[group] = _groups.GetValueOrDefault(group) + sum;
        Total += sum;
    }

    // Money is booked by reports, and by whatever ends an attempt of unknown cost: all of it is spend of the time the attempt was made.
    private static bool Books(LedgerEntryKind kind) =>
        kind is LedgerEntryKind.Booked or LedgerEntryKind.Resolved or LedgerEntryKind.Reconciled or LedgerEntryKind.Folded;
}

/// <summary>By what spend is told apart.</summary>
[Flags]
public enum SpendDimensions
{
    /// <summary>All in one sum.</summary>
    None = 0,

    /// <summary>By account.</summary>
    Account = 1,

    /// <summary>By endpoint.</summary>
    Model = 2,

    /// <summary>By local day.</summary>
    Day = 4,

    /// <summary>By local month.</summary>
    Month = 8,
}

/// <summary>What a <see cref="SpendQuery"/> counts.</summary>
public sealed record SpendFilter
{
    /// <summary>By what it is told apart; not by day and month at once.</summary>
    public SpendDimensions By { get; init; }

    /// <summary>The first instant that counts.</summary>
    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;

    /// <summary>The first instant that does not count any more.</summary>
    public DateTimeOffset To { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The time zone of days and months, by IANA name.</summary>
    public string TimeZone { get; init; } = "UTC";
}

/// <summary>What the spend of one row has in common.</summary>
/// <param name="Account">The account; empty when accounts are not told apart.</param>
/// <param name="Period">The first local date of the day or month; null when neither is told apart.</param>
/// <param name="Endpoint">The endpoint; empty when endpoints are not told apart, and for spend of which nobody said where.</param>
public readonly record struct SpendGroup(string Account, DateOnly? Period, string Endpoint);

/// <summary>One group and its sums.</summary>
/// <param name="Group">The group.</param>
/// <param name="Sum">The sums.</param>
public sealed record SpendRow(SpendGroup Group, SpendSum Sum);
