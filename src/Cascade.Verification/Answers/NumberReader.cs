using System.Globalization;
using System.Numerics;

namespace Cascade.Verification;

/// <summary>Reads unsigned numbers as people and models write them: <c>1,234.50</c>, <c>.5</c>, <c>1{,}000</c>, <c>7.</c></summary>
internal static class NumberReader
{
    /// <summary>Longer digit strings are identifiers or noise, not quantities.</summary>
    internal const int MaxDigits = 60;

    /// <summary>Brings the many Unicode forms of digits, signs and spaces to ASCII, one character for one character.</summary>
    internal static char Fold(char c) => c switch
    {
        '\u2212' or '\u2012' or '\u2013' or '\uFF0D' or '\uFE63' or '\u2010' or '\u2011' => '-',
        '\u2044' or '\u2215' or '\u00F7' or '\uFF0F' => '/',
        '\u00D7' or '\u2715' or '\u2217' or '\u22C5' or '\u00B7' or '\uFF0A' => '*',
        '\uFF0B' => '+',
        '\uFF1D' => '=',
        '\uFF05' => '%',
        '\u00A3' or '\u20AC' or '\u00A5' or '\uFF04' => '$',
        >= '\uFF10' and <= '\uFF19' => (char)(c - '\uFF10' + '0'),
        >= '\u0660' and <= '\u0669' => (char)(c - '\u0660' + '0'),
        '\u00A0' or '\u2007' or '\u2009' or '\u202F' => '\u00A0',
        _ => c,
    };

    /// <summary>Reads a number that starts at a position.</summary>
    /// <param name="text">Text whose characters are folded.</param>
    /// <param name="at">Where it starts; after it on success.</param>
    /// <param name="value">The number.</param>
    /// <param name="places">Digits after the point as written.</param>
    /// <returns>Whether there is one.</returns>
    internal static bool TryRead(ReadOnlySpan<char> text, ref int at, out Rational value, out int places)
    {
        value = Rational.Zero;
        places = 0;
        var i = at;
        Span<char> digits = stackalloc char[MaxDigits];
        var count = 0;
        var fits = ReadWhole(text, ref i, digits, ref count);
        var whole = count;
        if (i + 1 < text.Length && text[i] == '.' && char.IsAsciiDigit(text[i + 1]))
        {
            i++;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
            {
                fits &= Push(digits, ref count, text[i++]);
            }

            places = count - whole;
        }

        if (count == 0)
        {
            return false;
        }

        at = i;
        if (!fits)
        {
            return false;
        }

        value = new Rational(
            BigInteger.Parse(digits[..count], NumberStyles.None, CultureInfo.InvariantCulture), BigInteger.Pow(10, places));
        return true;
    }

    private static bool ReadWhole(ReadOnlySpan<char> text, ref int i, Span<char> digits, ref int count)
    {
        var fits = true;
        while (i < text.Length)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                fits &= Push(digits, ref count, text[i++]);
                continue;
            }

            var separator = count is > 0 ? SeparatorLength(text[i..]) : 0;
            if (separator == 0)
            {
                break;
            }

            i += separator;
        }

        return fits;
    }

    // A separator stands before exactly three digits; "1,2,3" and "in 2019, 300" are lists.
    private static int SeparatorLength(ReadOnlySpan<char> rest)
    {
        var length = rest[0] is ',' or '\u00A0' ? 1 : rest.StartsWith("{,}", StringComparison.Ordinal) ? 3 : 0;
        var after = rest[length..];
        var three = length > 0 && after.Length >= 3
            && char.IsAsciiDigit(after[0]) && char.IsAsciiDigit(after[1]) && char.IsAsciiDigit(after[2]);
        return three && (after.Length == 3 || !char.IsAsciiDigit(after[3])) ? length : 0;
    }

    private static bool Push(Span<char> digits, ref int count, char digit)
    {
        if (count >= digits.Length)
        {
            return false;
        }

        digits[count++] = digit;
        return true;
    }
}
