using System.Text;

namespace Cascade.Storage.Journal;

/// <summary>Reads the lines of one stream, in format v1 and v2. Keep in sync with docs/formats/usage-journal.md. Not thread-safe.</summary>
/// <param name="key">The stream.</param>
internal sealed class JournalLineReader(JournalKey key)
{
    private const int EntryFields = 14;
    private const int PreviousEntryFields = 10;
    private const int HeaderFields = 5;

    private readonly RecentTexts _endpoints = new();
    private readonly RecentTexts _purposes = new();

    /// <summary>Checks that a line is the header of the stream.</summary>
    /// <exception cref="JournalDamagedException">It is something else.</exception>
    internal void CheckHeader(ReadOnlySpan<byte> line)
    {
        var fields = new LineFields(line, key, position: 0);
        var version = VersionOf(ref fields);
        if (fields.Count != HeaderFields || !fields.Next().SequenceEqual("H"u8))
            throw fields.Damaged("it is not a header");
        if (Encoding.UTF8.GetString(line) != JournalLine.Header(version, key))
            throw fields.Damaged("the header names another stream");
    }

    /// <summary>Reads an entry.</summary>
    /// <param name="line">The line.</param>
    /// <param name="position">Its place in the stream, for what is told of damage.</param>
    /// <exception cref="JournalDamagedException">It cannot be read.</exception>
    internal NumberedEntry Read(ReadOnlySpan<byte> line, long position)
    {
        var fields = new LineFields(line, key, position);
        var isPrevious = VersionOf(ref fields) == JournalLine.PreviousVersion;
        var expected = isPrevious ? PreviousEntryFields : EntryFields;
        if (fields.Count != expected)
            throw fields.Damaged($"it has {fields.Count} fields, not {expected}");
        return isPrevious ? ReadPrevious(ref fields) : ReadCurrent(ref fields);
    }

    private static string VersionOf(ref LineFields fields)
    {
        var version = fields.Next();
        if (version.SequenceEqual("2"u8))
            return JournalLine.Version;
        return version.SequenceEqual("1"u8)
            ? JournalLine.PreviousVersion
            : throw fields.Damaged(
                $"its format version is '{Encoding.UTF8.GetString(version)}', this program reads {JournalLine.PreviousVersion} and {JournalLine.Version}");
    }

    private static JournalEntryKind KindOf(ref LineFields fields)
    {
        var letter = fields.Next();
        return letter switch
        {
            [(byte)'I'] => JournalEntryKind.Intent,
            [(byte)'S'] => JournalEntryKind.Settle,
            [(byte)'V'] => JournalEntryKind.Void,
            [(byte)'U'] => JournalEntryKind.Unconfirmed,
            _ => throw fields.Damaged($"its kind '{Encoding.UTF8.GetString(letter)}' is unknown"),
        };
    }

    // An initializer runs in the order it is written in, which is that of the fields.
    private NumberedEntry ReadCurrent(ref LineFields fields)
    {
        var kind = KindOf(ref fields);
        var sequence = fields.Number();
        var entry = new JournalEntry
        {
            Kind = kind,
            AttemptId = fields.Text(),
            At = new DateTimeOffset(fields.Number(DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero),
            Endpoint = fields.Optional("endpoint", _endpoints),
            Purpose = fields.Optional("purpose", _purposes),
            LowerNanos = fields.Number(),
            UpperNanos = fields.Number(),
            InputTokens = fields.Number(),
            OutputTokens = fields.Number(),
            CachedTokens = fields.Number(),
            ReasoningTokens = fields.Number(),
        };
        return sequence > 0 ? new NumberedEntry(sequence, entry) : throw fields.Damaged("its sequence number is 0");
    }

    private NumberedEntry ReadPrevious(ref LineFields fields) => new(0, new JournalEntry
    {
        Kind = KindOf(ref fields),
        AttemptId = fields.Text(),
        At = new DateTimeOffset(fields.Number(DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero),
        Endpoint = fields.Optional("endpoint", _endpoints),
        LowerNanos = fields.Number(),
        UpperNanos = fields.Number(),
        InputTokens = fields.Number(),
        OutputTokens = fields.Number(),
    });
}
