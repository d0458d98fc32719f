using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>Lists of spend by endpoint, in the order of the names.</summary>
internal static class ModelUsages
{
    /// <summary>Under which name an endpoint is counted: its own while there is room for it, else the empty one.</summary>
    public static string NameIn(ImmutableArray<ModelUsage> list, string endpoint) =>
        list.Length < LedgerLimits.MaxModels - 1 || IndexOf(list, endpoint) >= 0 ? endpoint : "";

    /// <summary>Adds to one endpoint, named as <see cref="NameIn"/> says.</summary>
    public static ImmutableArray<ModelUsage> Add(ImmutableArray<ModelUsage> list, string endpoint, Money cost, long attempts, TokenCounts tokens)
    {
        if (cost == Money.Zero && attempts == 0 && tokens.IsZero)
        {
            return list;
        }

        var index = IndexOf(list, endpoint);
        var known = index < 0 ? new ModelUsage { Endpoint = endpoint } : list[index];
        var updated = known with { Settled = known.Settled + cost, Attempts = known.Attempts + attempts, Tokens = known.Tokens + tokens };
        return index < 0 ? list.Insert(~index, updated) : list.SetItem(index, updated);
    }

    /// <summary>The larger totals of each endpoint; the list given first when the other says nothing new.</summary>
    public static ImmutableArray<ModelUsage> Max(ImmutableArray<ModelUsage> known, ImmutableArray<ModelUsage> told)
    {
        var result = known;
        foreach (var model in told)
        {
            var index = IndexOf(result, model.Endpoint);
            if (index < 0)
            {
                result = result.Insert(~index, model);
                continue;
            }

            var old = result[index];
            var larger = old with
            {
                Settled = Money.Max(old.Settled, model.Settled),
                Attempts = Math.Max(old.Attempts, model.Attempts),
                Tokens = TokenCounts.Max(old.Tokens, model.Tokens),
            };
            result = larger == old ? result : result.SetItem(index, larger);
        }

        return result;
    }

    public static ModelUsage? Find(ImmutableArray<ModelUsage> list, string endpoint) =>
        IndexOf(list, endpoint) is var index and >= 0 ? list[index] : null;

    /// <summary>The place of an endpoint, or the complement of where it belongs.</summary>
    private static int IndexOf(ImmutableArray<ModelUsage> list, string endpoint)
    {
        for (var i = 0; i < list.Length; i++)
        {
            var order = string.CompareOrdinal(list[i].Endpoint, endpoint);
            if (order >= 0)
            {
                return order == 0 ? i : ~i;
            }
        }

        return ~list.Length;
    }
}
