using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Cascade.Storage.Ledger;

/// <summary>The text of one line of the ledger log, format v1. Keep in sync with docs/formats/ledger-log.md.</summary>
internal static class LogLine
{
    private const string Version = "1";

    internal static string Encode(long sequence, string text)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"{Version} {sequence} {text}");
        return $"{body} {Checksum(body)}";
    }

    internal static LogEntry Decode(string line, string account, long sequence)
    {
        var end = line.LastIndexOf(' ');
        if (end < 0 || !line.AsSpan(end + 1).SequenceEqual(Checksum(line.AsSpan(0, end))))
            throw new LedgerLogDamagedException(account, sequence, "its checksum does not match its text");
        var fields = line[..end].Split(' ', 3);
        if (fields.Length < 3 || fields[0] != Version)
            throw new LedgerLogDamagedException(account, sequence, $"its format version is '{fields[0]}', this program reads {Version}");
        if (fields[1] != sequence.ToString(CultureInfo.InvariantCulture))
            throw new LedgerLogDamagedException(account, sequence, $"it says that it is entry '{fields[1]}'");
        return new LogEntry(sequence, fields[2]);
    }

    /// <summary>Refuses what must not be appended.</summary>
    internal static void Check(string account, long first, IReadOnlyCollection<string> entries)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, long.MaxValue - LedgerLogLimits.MaxBatch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries.Count, LedgerLogLimits.MaxBatch);
        foreach (var text in entries)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(text);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, LedgerLogLimits.MaxText);
            if (text.AsSpan().ContainsAny('\n', '\r'))
                throw new ArgumentException("An entry of the ledger log holds a line end.", nameof(entries));
        }
    }

    /// <summary>Refuses a range that must not be read.</summary>
    internal static void CheckRange(string account, long first, int most)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, LedgerLogLimits.MaxPage);
    }

    private static string Checksum(ReadOnlySpan<char> body)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(body)];
        Encoding.UTF8.GetBytes(body, bytes);
        return Crc32.HashToUInt32(bytes).ToString("x8", CultureInfo.InvariantCulture);
    }
}
