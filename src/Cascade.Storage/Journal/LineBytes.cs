using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Cascade.Storage.Journal;

/// <summary>Puts fields of a line into a buffer that is large enough for them.</summary>
internal ref struct LineBytes(Span<byte> buffer)
{
    /// <summary>The most bytes that one character takes: three of UTF-8, each written as three.</summary>
    internal const int MaxBytesPerCharacter = 9;

    /// <summary>The most bytes that a number or the checksum takes with the space before it.</summary>
    internal const int MaxNumber = 20;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    internal readonly int Length => _length;

    internal void Byte(byte value) => _buffer[_length++] = value;

    internal void Number(long value)
    {
        Byte((byte)' ');
        value.TryFormat(_buffer[_length..], out var written, provider: CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary>A text as RFC 3986 writes it, so that it holds neither space nor line end.</summary>
    internal void Escaped(string text)
    {
        Byte((byte)' ');
        Escape(text);
    }

    /// <summary>A text that may be empty: a dash alone, or an equals sign and the text.</summary>
    internal void Optional(string text)
    {
        Byte((byte)' ');
        Byte(text.Length == 0 ? (byte)'-' : (byte)'=');
        Escape(text);
    }

    internal void Checksum()
    {
        var sum = Crc32.HashToUInt32(_buffer[.._length]);
        Byte((byte)' ');
        sum.TryFormat(_buffer[_length..], out var written, "x8", CultureInfo.InvariantCulture);
        _length += written;
    }

    private void Escape(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            if (IsPlain(text[0]))
            {
                Byte((byte)text[0]);
                text = text[1..];
                continue;
            }

            Rune.DecodeFromUtf16(text, out var rune, out var taken);
            text = text[taken..];
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                Byte((byte)'%');
                Byte(Hex(value >> 4));
                Byte(Hex(value & 15));
            }
        }
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'A' + digit - 10);
}
