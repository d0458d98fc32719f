using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Cascade.Budgets;

/// <summary>
/// An entry as one line of text, format <c>e1</c>: its version, then <c>name=value</c> for every member that is set, in a fixed order. Names
/// are append only. Keep in sync with docs/formats/ledger-log.md.
/// </summary>
public static class LedgerEntryText
{
    private const string Version = "e1";

    private static readonly Field[] Fields =
    [
        Number("kind", e => (long)e.Kind, (e, v) => e with { Kind = (LedgerEntryKind)v }),
        Number("rec", e => e.RecordedAt.UtcTicks, (e, v) => e with { RecordedAt = Instant(v) }),
        Number("at", e => e.At.UtcTicks, (e, v) => e with { At = Instant(v) }),
        Text("op", e => e.OperationId, (e, v) => e with { OperationId = v }),
        Number("amount", e => e.Amount.Nanos, (e, v) => e with { Amount = new Money(v) }),
        Number("lower", e => e.Lower.Nanos, (e, v) => e with { Lower = new Money(v) }),
        Number("upper", e => e.Upper.Nanos, (e, v) => e with { Upper = new Money(v) }),
        Text("lease", e => e.LeaseId, (e, v) => e with { LeaseId = v }),
        Number("epoch", e => e.Epoch, (e, v) => e with { Epoch = v }),
        Text("holder", e => e.Holder, (e, v) => e with { Holder = v }),
        Text("for", e => e.Beneficiary, (e, v) => e with { Beneficiary = v }),
        Text("attempt", e => e.AttemptId, (e, v) => e with { AttemptId = v }),
        Text("endpoint", e => e.Endpoint, (e, v) => e with { Endpoint = v }),
        Number("requests", e => e.Requests, (e, v) => e with { Requests = v }),
        Number("attempts", e => e.Attempts, (e, v) => e with { Attempts = v }),
        Number("in", e => e.InputTokens, (e, v) => e with { InputTokens = v }),
        Number("out", e => e.OutputTokens, (e, v) => e with { OutputTokens = v }),
        Number("cached", e => e.CachedTokens, (e, v) => e with { CachedTokens = v }),
        Number("reasoning", e => e.ReasoningTokens, (e, v) => e with { ReasoningTokens = v }),
        Number("window", e => (long)e.Window, (e, v) => e with { Window = (WindowKind)v }),
        Number("span", e => e.Span.Ticks, (e, v) => e with { Span = new TimeSpan(v) }),
        Text("zone", e => e.TimeZone, (e, v) => e with { TimeZone = v }),
        Number("mode", e => (long)e.Mode, (e, v) => e with { Mode = (CapMode)v }),
        Number("percent", e => e.Percent, (e, v) => e with { Percent = Percent(v) }),
        Text("override", e => e.OverrideId, (e, v) => e with { OverrideId = v }),
        Number("expires", e => e.ExpiresAt?.UtcTicks ?? 0, (e, v) => e with { ExpiresAt = Instant(v) }),
        Text("author", e => e.Author, (e, v) => e with { Author = v }),
        Text("reason", e => e.Reason, (e, v) => e with { Reason = v }),
    ];

    private static readonly FrozenDictionary<string, Field> ByName = Fields.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>Writes an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>One line without a line end.</returns>
    public static string Encode(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var text = new StringBuilder(Version);
        foreach (var field in Fields)
        {
            var value = field.Get(entry);
            if (value.Length > 0)
            {
                text.Append(' ').Append(field.Name).Append('=').Append(value);
            }
        }

        return text.ToString();
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="text">What <see cref="Encode"/> wrote.</param>
    /// <returns>The entry.</returns>
    /// <exception cref="FormatException">The text is no entry of this format; the message says why.</exception>
    public static LedgerEntry Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(' ');
        if (parts[0] != Version)
        {
            throw new FormatException($"its format is '{parts[0]}', this program reads {Version}");
        }

        var entry = new LedgerEntry { Kind = LedgerEntryKind.None, RecordedAt = default, At = default, OperationId = "" };
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !ByName.TryGetValue(part[..equals], out var field))
            {
                throw new FormatException($"'{part}' is no member of an entry");
            }

            entry = field.Set(entry, part[(equals + 1)..]);
        }

        return Enum.IsDefined(entry.Kind) && entry.Kind != LedgerEntryKind.None
            ? entry
            : throw new FormatException($"its kind {(int)entry.Kind} is unknown");
    }

    private static DateTimeOffset Instant(long ticks) => ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : throw new FormatException($"{ticks} is no instant");

    private static int Percent(long value) => value is >= 0 and <= int.MaxValue ? (int)value : throw new FormatException($"'{value}' of percent is too large");

    private static Field Number(string name, Func<LedgerEntry, long> get, Func<LedgerEntry, long, LedgerEntry> set) => new(
        name,
        entry => get(entry) is var value and not 0 ? value.ToString(CultureInfo.InvariantCulture) : "",
        (entry, text) => set(entry, long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{text}' of {name} is no number")));

    private static Field Text(string name, Func<LedgerEntry, string> get, Func<LedgerEntry, string, LedgerEntry> set) =>
        new(name, entry => Uri.EscapeDataString(get(entry)), (entry, text) => set(entry, Uri.UnescapeDataString(text)));

    private sealed record Field(string Name, Func<LedgerEntry, string> Get, Func<LedgerEntry, string, LedgerEntry> Set);
}
