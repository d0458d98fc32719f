using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Cascade.Storage.Journal;

/// <summary>The text of one journal line; written in format v2, read in v1 and v2. Keep in sync with docs/formats/usage-journal.md.</summary>
internal static class JournalLine
{
    internal const int MaxNameLength = 256;

    private const string Version = "2";
    private const string PreviousVersion = "1";
    private const string HeaderKind = "H";
    private const int EntryFields = 14;
    private const int PreviousEntryFields = 10;
    private const int HeaderFields = 5;

    internal static string Header(JournalKey key) => Header(Version, key);

    /// <summary>Refuses an entry that must not be written.</summary>
    internal static void Check(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _ = Letter(entry.Kind);
        ArgumentException.ThrowIfNullOrEmpty(entry.AttemptId);
        ArgumentNullException.ThrowIfNull(entry.Endpoint);
        ArgumentNullException.ThrowIfNull(entry.Purpose);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.AttemptId.Length, MaxNameLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Endpoint.Length, MaxNameLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Purpose.Length, MaxNameLength);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.LowerNanos);
        ArgumentOutOfRangeException.ThrowIfLessThan(entry.UpperNanos, entry.LowerNanos);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.InputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.OutputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.CachedTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(entry.ReasoningTokens);
    }

    /// <summary>A buffer of this size holds the entry's line.</summary>
    internal static int MaxBytes(JournalEntry entry) =>
        (EntryFields * LineBytes.MaxNumber)
        + (LineBytes.MaxBytesPerCharacter * (entry.AttemptId.Length + entry.Endpoint.Length + entry.Purpose.Length));

    /// <summary>Writes the line of an entry that <see cref="Check"/> let through.</summary>
    /// <returns>How many bytes were written.</returns>
    internal static int Encode(JournalEntry entry, long sequence, Span<byte> buffer)
    {
        var line = new LineBytes(buffer);
        line.Byte((byte)Version[0]);
        line.Byte((byte)' ');
        line.Byte((byte)Letter(entry.Kind));
        line.Number(sequence);
        line.Escaped(entry.AttemptId);
        line.Number(entry.At.UtcTicks);
        line.Optional(entry.Endpoint);
        line.Optional(entry.Purpose);
        line.Number(entry.LowerNanos);
        line.Number(entry.UpperNanos);
        line.Number(entry.InputTokens);
        line.Number(entry.OutputTokens);
        line.Number(entry.CachedTokens);
        line.Number(entry.ReasoningTokens);
        line.Checksum();
        return line.Length;
    }

    internal static void CheckHeader(string line, JournalKey key)
    {
        var fields = Open(line, key, position: 0);
        if (fields.Length != HeaderFields || fields[1] != HeaderKind)
            throw new JournalDamagedException(key, 0, "it is not a header");
        if (line != Header(fields[0], key))
            throw new JournalDamagedException(key, 0, "the header names another stream");
    }

    internal static NumberedEntry Decode(string line, JournalKey key, long position)
    {
        var fields = Open(line, key, position);
        var previous = fields[0] == PreviousVersion;
        var expected = previous ? PreviousEntryFields : EntryFields;
        if (fields.Length != expected)
            throw new JournalDamagedException(key, position, $"it has {fields.Length} fields, not {expected}");
        return previous ? DecodePrevious(fields, key, position) : DecodeCurrent(fields, key, position);
    }

    internal static string WithChecksum(string body) => $"{body} {Checksum(body)}";

    private static NumberedEntry DecodeCurrent(string[] fields, JournalKey key, long position)
    {
        var entry = new JournalEntry
        {
            Kind = Kind(fields[1], key, position),
            AttemptId = Uri.UnescapeDataString(fields[3]),
            At = new DateTimeOffset(Number(fields[4], DateTimeOffset.MaxValue.UtcTicks, key, position), TimeSpan.Zero),
            Endpoint = Optional(fields[5], "endpoint", key, position),
            Purpose = Optional(fields[6], "purpose", key, position),
            LowerNanos = Number(fields[7], long.MaxValue, key, position),
            UpperNanos = Number(fields[8], long.MaxValue, key, position),
            InputTokens = Number(fields[9], long.MaxValue, key, position),
            OutputTokens = Number(fields[10], long.MaxValue, key, position),
            CachedTokens = Number(fields[11], long.MaxValue, key, position),
            ReasoningTokens = Number(fields[12], long.MaxValue, key, position),
        };
        var sequence = Number(fields[2], long.MaxValue, key, position);
        return sequence > 0
            ? new NumberedEntry(sequence, entry)
            : throw new JournalDamagedException(key, position, "its sequence number is 0");
    }

    private static NumberedEntry DecodePrevious(string[] fields, JournalKey key, long position) => new(0, new JournalEntry
    {
        Kind = Kind(fields[1], key, position),
        AttemptId = Uri.UnescapeDataString(fields[2]),
        At = new DateTimeOffset(Number(fields[3], DateTimeOffset.MaxValue.UtcTicks, key, position), TimeSpan.Zero),
        Endpoint = Optional(fields[4], "endpoint", key, position),
        LowerNanos = Number(fields[5], long.MaxValue, key, position),
        UpperNanos = Number(fields[6], long.MaxValue, key, position),
        InputTokens = Number(fields[7], long.MaxValue, key, position),
        OutputTokens = Number(fields[8], long.MaxValue, key, position),
    });

    private static string Header(string version, JournalKey key) =>
        WithChecksum($"{version} {HeaderKind} {Uri.EscapeDataString(key.Account)} {Uri.EscapeDataString(key.LeaseId)}");

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
        if (fields[0] is not (Version or PreviousVersion))
            throw new JournalDamagedException(key, position, $"its format version is '{fields[0]}', this program reads {PreviousVersion} and {Version}");
        return fields;
    }

    private static string Optional(string field, string name, JournalKey key, long position) => field is "-" or ['=', _, ..]
        ? Uri.UnescapeDataString(field[1..])
        : throw new JournalDamagedException(key, position, $"its {name} cannot be read");

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
