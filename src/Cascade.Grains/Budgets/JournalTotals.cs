using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>
/// What a sealed journal stream adds up to. Pure. The first end of an attempt counts, because a repeated write repeats it; only an
/// unconfirmed end gives way to one that knows more.
/// </summary>
internal sealed record JournalTotals(Money Settled, ImmutableArray<UnconfirmedCost> Unconfirmed)
{
    public static JournalTotals Of(JournalContents contents)
    {
        var intents = new Dictionary<string, JournalEntry>(StringComparer.Ordinal);
        var ends = new Dictionary<string, JournalEntry>(StringComparer.Ordinal);
        foreach (var entry in contents.Entries)
        {
            var known = entry.Kind == JournalEntryKind.Intent ? intents : ends;
            if (!known.TryAdd(entry.AttemptId, entry) && known[entry.AttemptId].Kind == JournalEntryKind.Unconfirmed)
            {
                known[entry.AttemptId] = entry;
            }
        }

        var settled = ends.Values.Where(e => e.Kind == JournalEntryKind.Settle).Sum(e => e.UpperNanos);
        var open = intents.Values.Where(i => !ends.ContainsKey(i.AttemptId))
            .Concat(ends.Values.Where(e => e.Kind == JournalEntryKind.Unconfirmed))
            .OrderBy(e => e.AttemptId, StringComparer.Ordinal)
            .Select(e => new UnconfirmedCost(e.AttemptId, new Money(e.LowerNanos), new Money(e.UpperNanos)));
        return new JournalTotals(new Money(settled), [.. open]);
    }
}
