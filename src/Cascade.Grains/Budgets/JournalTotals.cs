using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>
/// What a sealed journal stream adds up to. Pure. The first end of an attempt counts, because a repeated write repeats it; only an
/// unconfirmed end gives way to one that knows more.
/// </summary>
internal sealed record JournalTotals(Money Settled, ImmutableArray<UnconfirmedCost> Unconfirmed, ImmutableArray<ModelUsage> ByModel)
{
    /// <summary>What settled attempts cost beyond the bounds of their intents.</summary>
    public Money Overrun { get; private init; }

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

        var settles = ends.Values.Where(e => e.Kind == JournalEntryKind.Settle).ToList();
        var open = intents.Values.Where(i => !ends.ContainsKey(i.AttemptId))
            .Concat(ends.Values.Where(e => e.Kind == JournalEntryKind.Unconfirmed))
            .OrderBy(e => e.AttemptId, StringComparer.Ordinal)
            .Select(e => new UnconfirmedCost(e.AttemptId, new Money(e.LowerNanos), new Money(e.UpperNanos)) { Endpoint = EndpointOf(e) });
        var named = settles.Select(EndpointOf).Distinct(StringComparer.Ordinal).Take(LedgerLimits.MaxModels - 1).ToHashSet(StringComparer.Ordinal);
        var byModel = settles.GroupBy(NameOf, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(Sum);
        return new JournalTotals(new Money(settles.Sum(e => e.UpperNanos)), [.. open], [.. byModel])
        {
            Overrun = new Money(settles.Sum(e => Math.Max(0, e.UpperNanos - (intents.GetValueOrDefault(e.AttemptId)?.UpperNanos ?? e.UpperNanos)))),
        };

        // The holder counts by the same rule: those that were called first by their names, the others together.
        string NameOf(JournalEntry end) => EndpointOf(end) is var endpoint && named.Contains(endpoint) ? endpoint : "";

        string EndpointOf(JournalEntry end) => end.Endpoint.Length > 0 || !intents.TryGetValue(end.AttemptId, out var intent)
            ? end.Endpoint
            : intent.Endpoint;
    }

    private static ModelUsage Sum(IGrouping<string, JournalEntry> settles) => new()
    {
        Endpoint = settles.Key,
        Settled = new Money(settles.Sum(e => e.UpperNanos)),
        Attempts = settles.Count(),
        Tokens = settles.Aggregate(default(TokenCounts), (sum, e) => sum + new TokenCounts(e.InputTokens, e.OutputTokens, e.CachedTokens, e.ReasoningTokens)),
    };
}
