using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Cascade.Storage.Journal;

/// <summary>
/// Writes the text of one journal line, in format v2; <see cref="JournalLineReader"/> reads it. Keep in sync with docs/formats/usage-journal.md.
/// </summary>
internal static class JournalLine
{
    internal const int MaxNameLength = 256;

    internal const string Version = "2";
    internal const string PreviousVersion = "1";

    private const string HeaderKind = "H";
    private const int EntryFields = 14;

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

    internal static string WithChecksum(string body) => $"{body} {Checksum(body)}";

    internal static string Header(string version, JournalKey key) =>
        WithChecksum($"{version} {HeaderKind} {Uri.EscapeDataString(key.Account)} {Uri.EscapeDataString(key.LeaseId)}");

    private static string Checksum(ReadOnlySpan<char> body)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(body)];
        Encoding.UTF8.GetBytes(body, bytes);
        return Crc32.HashToUInt32(bytes).ToString("x8", CultureInfo.InvariantCulture);
    }

    private static char Letter(JournalEntryKind kind) => kind switch
    {
        JournalEntryKind.Intent => 'I',
        JournalEntryKind.Settle => 'S',
        JournalEntryKind.Void => 'V',
        JournalEntryKind.Unconfirmed => 'U',
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The entry's kind cannot be written."),
    };
}
