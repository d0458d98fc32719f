using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Cascade.Storage.Journal;

/// <summary>The text of one journal line, format v1. Keep in sync with docs/formats/usage-journal.md.</summary>
internal static class JournalLine
{
    internal const int MaxNameLength = 256;

    private const string Version = "1";
    private const string HeaderKind = "H";
    private const int EntryFields = 10;
    private const int HeaderFields = 5;

    internal static string Header(JournalKey key) =>
        Seal($"{Version} {HeaderKind} {Uri.EscapeDataString(key.Account)} {Uri.EscapeDataString(key.LeaseId)}");

    internal static string Encode(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentException.ThrowIfNullOrEmpty(entry.AttemptId);
        ArgumentNullException.ThrowIfNull(entry.Endpoint);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.AttemptId.Length, MaxNameLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Endpoint.Length, MaxNameLength);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.LowerNanos);
        ArgumentOutOfRangeException.ThrowIfLessThan(entry.UpperNanos, entry.LowerNanos);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.InputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.OutputTokens);
        var endpoint = entry.Endpoint.Length == 0 ? "-" : "=" + Uri.EscapeDataString(entry.Endpoint);
        return Seal(string.Create(
            CultureInfo.InvariantCulture,
            $"{Version} {Letter(entry.Kind)} {Uri.EscapeDataString(entry.AttemptId)} {entry.At.UtcTicks} {endpoint} " +
            $"{entry.LowerNanos} {entry.UpperNanos} {entry.InputTokens} {entry.OutputTokens}"));
    }

    internal static void CheckHeader(string line, JournalKey key)
    {
        var fields = Open(line, key, position: 0);
        if (fields.Length != HeaderFields || fields[1] != HeaderKind)
            throw new JournalDamagedException(key, 0, "it is not a header");
        if (line != Header(key))
            throw new JournalDamagedException(key, 0, "the header names another stream");
    }

    internal static JournalEntry Decode(string line, JournalKey key, long position)
    {
        var fields = Open(line, key, position);
        if (fields.Length != EntryFields)
            throw new JournalDamagedException(key, position, $"it has {fields.Length} fields, not {EntryFields}");
        if (fields[4] is not ("-" or ['=', _, ..]))
            throw new JournalDamagedException(key, position, "its endpoint cannot be read");
        return new JournalEntry
        {
            Kind = Kind(fields[1], key, position),
            AttemptId = Uri.UnescapeDataString(fields[2]),
            At = new DateTimeOffset(Number(fields[3], DateTimeOffset.MaxValue.UtcTicks, key, position), TimeSpan.Zero),
            Endpoint = Uri.UnescapeDataString(fields[4][1..]),
            LowerNanos = Number(fields[5], long.MaxValue, key, position),
            UpperNanos = Number(fields[6], long.MaxValue, key, position),
            InputTokens = Number(fields[7], long.MaxValue, key, position),
            OutputTokens = Number(fields[8], long.MaxValue, key, position),
        };
    }

    private static string Seal(string body) => $"{body} {Checksum(body)}";

    private static string Checksum(ReadOnlySpan<char> body)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(body)];
        Encoding.UTF8.GetBytes(body, bytes);
        return Crc32.HashToUInt32(bytes).ToString("x8", CultureInfo.InvariantCulture);
    }

    private static string[] Open(string line, JournalKey key, long position)
    {
        var end = line.LastIndexOf(' ');
        if (end < 0 || !line.AsSpan(end + 1).SequenceEqual(Checksum(line.AsSpan(0, end))))
            throw new JournalDamagedException(key, position, "its checksum does not match its text");
        var fields = line.Split(' ');
        if (fields[0] != Version)
            throw new JournalDamagedException(key, position, $"its format version is '{fields[0]}', this program reads {Version}");
        return fields;
    }

    private static char Letter(JournalEntryKind kind) => kind switch
    {
        JournalEntryKind.Intent => 'I',
        JournalEntryKind.Settle => 'S',
        JournalEntryKind.Void => 'V',
        JournalEntryKind.Unconfirmed => 'U',
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The entry's kind cannot be written."),
    };

    private static JournalEntryKind Kind(string letter, JournalKey key, long position) => letter switch
    {
        "I" => JournalEntryKind.Intent,
        "S" => JournalEntryKind.Settle,
        "V" => JournalEntryKind.Void,
        "U" => JournalEntryKind.Unconfirmed,
        _ => throw new JournalDamagedException(key, position, $"its kind '{letter}' is unknown"),
    };

    private static long Number(string text, long most, JournalKey key, long position) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
            ? value
            : throw new JournalDamagedException(key, position, $"'{text}' is not a number from 0 to {most}");
}
