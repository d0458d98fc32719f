using System.Collections.Frozen;

namespace Cascade.Providers.Pricing;

/// <summary>Prices by name, over time. The form of its files is docs/formats/prices.md.</summary>
public sealed class PriceBook
{
    internal PriceBook(IReadOnlyDictionary<string, PriceSchedule> entries, string fingerprint = "")
    {
        Entries = entries.ToFrozenDictionary(StringComparer.Ordinal);
        Fingerprint = fingerprint;
    }

    /// <summary>A book without entries.</summary>
    public static PriceBook Empty { get; } = new(new Dictionary<string, PriceSchedule>());

    /// <summary>The schedules by name: <c>provider/model</c>, then <c>@region</c> and <c>#tier</c> where the entry has them.</summary>
    public FrozenDictionary<string, PriceSchedule> Entries { get; }

    /// <summary>Of the texts it was read from.</summary>
    internal string Fingerprint { get; }
}
