using System.Globalization;
using System.Text;

namespace Cascade.Planning.Features;

/// <summary>
/// A text as the scalar values that features are made of: lower case by the invariant culture, every run of white space and control characters one
/// space, none at the ends. An unpaired surrogate is U+FFFD. No Unicode normalisation form is applied: its tables belong to the machine's ICU, and
/// a feature must be the same on every machine; who mixes composed and decomposed text brings it to form C first.
/// </summary>
internal static class TextRunes
{
    private const int Space = ' ';

    /// <summary>Writes the text's beginning; returns how many values were written.</summary>
    public static int Read(ReadOnlySpan<char> text, Span<int> runes)
    {
        var count = 0;
        var gap = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsGap(rune))
            {
                gap = count > 0;
                continue;
            }

            if (gap && count < runes.Length)
            {
                runes[count++] = Space;
            }

            gap = false;
            if (count == runes.Length)
            {
                break;
            }

            runes[count++] = Lower(rune);
        }

        return count;
    }

    public static bool IsSpace(int rune) => rune == Space;

    /// <summary>Letters, digits and the marks that belong to them make words; any other character stands alone.</summary>
    public static bool IsWord(int rune) => rune < 128
        ? char.IsAsciiLetterOrDigit((char)rune)
        : CharUnicodeInfo.GetUnicodeCategory(rune) <= UnicodeCategory.OtherNumber;

    public static bool IsGap(Rune rune) => rune.IsAscii ? rune.Value is <= Space or 127 : Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);

    private static int Lower(Rune rune) => rune.IsAscii
        ? rune.Value is >= 'A' and <= 'Z' ? rune.Value + 32 : rune.Value
        : Rune.ToLowerInvariant(rune).Value;
}
