using System.Collections.Immutable;
using System.Text;
using Cascade.Planning.Estimation;

namespace Cascade.Planning.Features;

/// <summary>Numbers that say what a text looks like, whatever its words are.</summary>
internal static class TextShape
{
    public const int Count = 9;

    /// <summary>The place of the one number that is not of the text.</summary>
    public const int LogTokens = 2;

    private const string CodeMarks = "{}[]();<>=_#`\"&|";
    private const string MathMarks = "+-*/^=%$\\<>";

    public static ImmutableArray<string> Names { get; } =
        ["log_characters", "log_words", "log_tokens", "digits", "code_marks", "math_marks", "capitals", "log_lines", "log_questions"];

    /// <summary>Writes one number per name; NaN where the query says nothing. Shares are of the characters that were read.</summary>
    public static void Measure(in QueryFacts query, int maxCharacters, Span<double> shape)
    {
        shape.Fill(double.NaN);
        shape[LogTokens] = query.InputTokens >= 0 ? Math.Log(1 + query.InputTokens) : double.NaN;
        if (query.Text.IsEmpty)
        {
            return;
        }

        int read = 0, words = 0, digits = 0, code = 0, math = 0, capitals = 0, lines = 1, questions = 0;
        var inWord = false;
        foreach (var rune in query.Text.EnumerateRunes())
        {
            if (read++ == maxCharacters)
            {
                break;
            }

            var word = TextRunes.IsWord(rune.Value);
            words += word && !inWord ? 1 : 0;
            inWord = word;
            digits += Rune.IsDigit(rune) ? 1 : 0;
            capitals += Rune.IsUpper(rune) ? 1 : 0;
            lines += rune.Value == '\n' ? 1 : 0;
            questions += rune.Value is '?' or '\uff1f' ? 1 : 0;
            code += rune.IsAscii && CodeMarks.Contains((char)rune.Value, StringComparison.Ordinal) ? 1 : 0;
            math += IsMath(rune) ? 1 : 0;
        }

        var share = 1.0 / Math.Min(read, maxCharacters);
        shape[0] = Math.Log(1 + query.Text.Length);
        shape[1] = Math.Log(1 + words);
        shape[3] = digits * share;
        shape[4] = code * share;
        shape[5] = math * share;
        shape[6] = capitals * share;
        shape[7] = Math.Log(lines);
        shape[8] = Math.Log(1 + questions);
    }

    /// <summary>U+2200 to U+22FF are the mathematical operators.</summary>
    private static bool IsMath(Rune rune) =>
        rune.IsAscii ? MathMarks.Contains((char)rune.Value, StringComparison.Ordinal) : rune.Value is >= 0x2200 and <= 0x22ff or 0xd7 or 0xf7;
}
