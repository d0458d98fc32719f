using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Cascade.Storage.Journal;

/// <summary>Takes the fields of one journal line in their order, without copying the line. What cannot be read is told with its place.</summary>
internal ref struct LineFields
{
    private const int ChecksumLength = 8;

    private readonly JournalKey _key;
    private readonly long _position;
    private ReadOnlySpan<byte> _rest;

    /// <summary>Opens a line whose checksum matches its text.</summary>
    /// <exception cref="JournalDamagedException">It does not.</exception>
    internal LineFields(ReadOnlySpan<byte> line, JournalKey key, long position)
    {
        (_key, _position) = (key, position);
        var end = line.LastIndexOf((byte)' ');
        Span<byte> sum = stackalloc byte[ChecksumLength];
        if (end >= 0)
            Crc32.HashToUInt32(line[..end]).TryFormat(sum, out _, "x8", CultureInfo.InvariantCulture);
        if (end < 0 || !line[(end + 1)..].SequenceEqual(sum))
            throw Damaged("its checksum does not match its text");
        Count = line.Count((byte)' ') + 1;
        _rest = line;
    }

    /// <summary>How many fields the line has, the checksum included.</summary>
    internal int Count { get; }

    /// <summary>The next field as it is written.</summary>
    internal ReadOnlySpan<byte> Next()
    {
        var end = _rest.IndexOf((byte)' ');
        var field = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return field;
    }

    /// <summary>The next field as a number from 0 to <paramref name="most"/>.</summary>
    internal long Number(long most = long.MaxValue)
    {
        var field = Next();
        return long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= most
            ? value
            : throw Damaged($"'{Encoding.UTF8.GetString(field)}' is not a number from 0 to {most}");
    }

    /// <summary>The next field as a text that is seldom there twice.</summary>
    internal string Text() => Unescape(Next());

    /// <summary>The next field as a text that may be empty and is often the same: a dash alone, or an equals sign and the text.</summary>
    internal string Optional(string name, RecentTexts recent)
    {
        var field = Next();
        return field switch
        {
            [(byte)'-'] => "",
            [(byte)'=', _, ..] => recent.Find(field) ?? recent.Keep(field, Unescape(field[1..])),
            _ => throw Damaged($"its {name} cannot be read"),
        };
    }

    internal readonly JournalDamagedException Damaged(string reason) => new(_key, _position, reason);

    private static string Unescape(ReadOnlySpan<byte> field)
    {
        var text = Encoding.UTF8.GetString(field);
        return field.Contains((byte)'%') ? Uri.UnescapeDataString(text) : text;
    }
}
