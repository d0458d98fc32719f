namespace Cascade.Verification;

/// <summary>Brings the text of a final answer to its canonical form.</summary>
internal static class AnswerNormalizer
{
    /// <summary>Longer answers are compared by their beginning.</summary>
    internal const int MaxAnswerChars = 2_000;

    internal static (string Text, bool IsNumber) Normalize(ReadOnlySpan<char> raw)
    {
        var text = Fold(raw);
        var number = Deciding(text);
        return number is { } value ? (value.ToCanonical(), true) : (CleanText(text), false);
    }

    /// <summary>How often a number stands in a text, whatever its sign; no more than the first <paramref name="most"/> numbers are read.</summary>
    internal static int CountOf(string text, string canonical, int most)
    {
        var wanted = canonical.TrimStart('-');
        var folded = Fold(text, text.Length);
        var (at, count) = (0, 0);
        for (var read = 0; read < most && TryNext(folded, ref at, out var value, out _); read++)
        {
            count += Rational.Abs(value).ToCanonical() == wanted ? 1 : 0;
        }

        return count;
    }

    internal static string Fold(ReadOnlySpan<char> raw, int most = MaxAnswerChars)
    {
        var length = Math.Min(raw.Length, most);
        return string.Create(length, raw[..length], static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = NumberReader.Fold(source[i]);
            }
        });
    }

    /// <summary>Reads the next signed number, with a fraction such as <c>3/4</c> or <c>\frac{3}{4}</c> taken as one.</summary>
    internal static bool TryNext(ReadOnlySpan<char> text, ref int at, out Rational value, out int start)
    {
        for (var i = at; i < text.Length; i++)
        {
            start = i;
            if (!char.IsAsciiDigit(text[i]) && !(text[i] == '.' && i + 1 < text.Length && char.IsAsciiDigit(text[i + 1])))
            {
                continue;
            }

            if (!NumberReader.TryRead(text, ref i, out value, out _))
            {
                continue;
            }

            value = WithFraction(text, ref i, start, value);
            value = IsNegative(text, start) ? -value : value;
            at = i;
            return true;
        }

        value = Rational.Zero;
        start = at = text.Length;
        return false;
    }

    // The result of a calculation stands behind its last '='; without one the first number is the answer and later ones explain it
    // ("27 selfies and 18 portraits", "40 (or fewer)"), which is also how the recorded answers were graded.
    private static Rational? Deciding(string text)
    {
        var at = text.LastIndexOf('=') + 1;
        if (at > 0 && TryNext(text, ref at, out var result, out _))
        {
            return result;
        }

        at = 0;
        return !IsClockTime(text) && TryNext(text, ref at, out var first, out _) ? first : null;
    }

    private static bool IsClockTime(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && colon <= 5 && colon + 2 < text.Length
            && char.IsAsciiDigit(text[colon - 1]) && char.IsAsciiDigit(text[colon + 1]) && char.IsAsciiDigit(text[colon + 2]);
    }

    private static Rational WithFraction(ReadOnlySpan<char> text, ref int i, int start, Rational numerator)
    {
        var next = i;
        if (start > 0 && text[start - 1] == '{' && text[..(start - 1)].EndsWith("frac", StringComparison.Ordinal)
            && text[i..].StartsWith("}{", StringComparison.Ordinal))
        {
            next = i + 2;
        }
        else if (i < text.Length && text[i] == '/')
        {
            next = i + 1;
        }

        if (next == i || !NumberReader.TryRead(text, ref next, out var denominator, out _)
            || Rational.Divide(numerator, denominator) is not { } fraction)
        {
            return numerator;
        }

        i = next;
        return fraction;
    }

    // A minus belongs to the number unless something it could be subtracted from, or a word it joins, stands before it.
    private static bool IsNegative(ReadOnlySpan<char> text, int start)
    {
        var i = start - 1;
        while (i >= 0 && text[i] is '$' or '\\' or '{' or '(')
        {
            i--;
        }

        i -= i >= 3 && text[i] == 'c' && text[..(i + 1)].EndsWith("frac", StringComparison.Ordinal) ? 5 : 0;
        return i >= 0 && text[i] == '-' && (i == 0 || !(char.IsLetterOrDigit(text[i - 1]) || text[i - 1] is ')' or '%'));
    }

    private static string CleanText(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Trim(' ', '.', ',', ';', '!', '"', '\'', '`', '*', '$', '(', ')', '[', ']')
            .ToUpperInvariant()
            .ToLowerInvariant();
}
