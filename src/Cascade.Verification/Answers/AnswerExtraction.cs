using System.Numerics;

namespace Cascade.Verification;

/// <summary>
/// Finds the final answer of a response and compares final answers. Hand-written scans, each a constant number of passes: no response can
/// make it slow.
/// </summary>
public static class AnswerExtraction
{
    /// <summary>The default for the longest response that is read, in characters; of a longer one the end is read.</summary>
    public const int DefaultMaxChars = 200_000;

    private const int MaxWholeTextChars = 200;

    /// <summary>Finds the final answer.</summary>
    /// <param name="response">The response; null reads as empty.</param>
    /// <param name="maxChars">The longest response that is read, at least 1; of a longer one the end is read, where answers stand.</param>
    /// <returns>The final answer in canonical form, or none.</returns>
    public static FinalAnswer Extract(string? response, int maxChars = DefaultMaxChars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxChars, 1);
        var text = response is null ? [] : response.Length > maxChars ? response.AsSpan(response.Length - maxChars) : response.AsSpan();
        foreach (var source in Enum.GetValues<AnswerSource>())
        {
            var raw = AnswerFinder.Find(text, source);
            var (canonical, isNumber) = AnswerNormalizer.Normalize(raw);
            if (canonical.Length > 0 && (source != AnswerSource.WholeText || raw.Length <= MaxWholeTextChars))
            {
                return new FinalAnswer(canonical, isNumber, source);
            }
        }

        return default;
    }

    /// <summary>The canonical form of an answer: a plain decimal or a fraction for numbers, case-folded text otherwise.</summary>
    /// <param name="answer">The answer, for example <c>$1,234.50</c>.</param>
    /// <returns>The form, for example <c>1234.5</c>.</returns>
    public static string Normalize(string? answer) => AnswerNormalizer.Normalize(answer).Text;

    /// <summary>Whether two final answers are the same.</summary>
    /// <remarks>
    /// Numbers are the same when they are equal, or when one is the other rounded to the places it is written with and there are at least
    /// two of them: <c>33.33</c> and <c>100/3</c> are the same, <c>33</c> and <c>33.4</c> are not. Units are not compared. Text is compared
    /// without regard to case, white space and enclosing punctuation.
    /// </remarks>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are the same; never when one is empty.</returns>
    public static bool AreSame(string? left, string? right)
    {
        var (a, aIsNumber) = AnswerNormalizer.Normalize(left);
        var (b, bIsNumber) = AnswerNormalizer.Normalize(right);
        if (a.Length == 0 || aIsNumber != bIsNumber)
        {
            return false;
        }

        return a == b || (aIsNumber && (IsRounded(Parse(a), Parse(b)) || IsRounded(Parse(b), Parse(a))));
    }

    private static Rational Parse(string canonical)
    {
        var at = 0;
        AnswerNormalizer.TryNext(canonical, ref at, out var value, out _);
        return value;
    }

    private static bool IsRounded(Rational rounded, Rational exact)
    {
        var places = rounded.DecimalPlaces();
        return places is >= 2 and <= NumberReader.MaxDigits
            && Rational.Abs(rounded - exact) <= new Rational(1, 2 * BigInteger.Pow(10, places));
    }
}
