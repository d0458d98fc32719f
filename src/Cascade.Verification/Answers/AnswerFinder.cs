using System.Buffers;

namespace Cascade.Verification;

/// <summary>Finds the raw text of a final answer by one kind of marker. When a marker stands more than once, the last counts.</summary>
internal static class AnswerFinder
{
    private static readonly string[] LineMarkers = ["a:", "answer:", "final answer:", "the answer:", "the final answer:"];

    private static readonly SearchValues<char> Digits =
        SearchValues.Create("0123456789\uFF10\uFF11\uFF12\uFF13\uFF14\uFF15\uFF16\uFF17\uFF18\uFF19");

    internal static ReadOnlySpan<char> Find(ReadOnlySpan<char> text, AnswerSource source) => source switch
    {
        AnswerSource.Json => JsonAnswer.Find(text),
        AnswerSource.Hashes => After(text, "####"),
        AnswerSource.Boxed => Boxed(text),
        AnswerSource.AnswerLine => AnswerLine(text),
        AnswerSource.AnswerIs => AnswerIs(text),
        AnswerSource.LastNumber => JsonAnswer.IsCutJson(text) ? [] : LastNumber(text),
        AnswerSource.WholeText => JsonAnswer.IsCutJson(text) ? [] : text.Trim(),
        _ => [],
    };

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> text, string marker)
    {
        var at = text.LastIndexOf(marker, StringComparison.Ordinal);
        return at < 0 ? [] : Line(text[(at + marker.Length)..]);
    }

    private static ReadOnlySpan<char> Boxed(ReadOnlySpan<char> text)
    {
        const string Marker = "\\boxed{";
        var at = text.LastIndexOf(Marker, StringComparison.Ordinal);
        if (at < 0)
        {
            return [];
        }

        var body = text[(at + Marker.Length)..];
        var depth = 1;
        for (var i = 0; i < body.Length; i++)
        {
            depth += body[i] == '{' ? 1 : body[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return body[..i];
            }
        }

        return Line(body);
    }

    private static ReadOnlySpan<char> AnswerLine(ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> found = [];
        foreach (var range in text.Split('\n'))
        {
            var line = text[range].Trim().TrimStart("*#> ").Trim();
            foreach (var marker in LineMarkers)
            {
                if (line.StartsWith(marker, StringComparison.OrdinalIgnoreCase))
                {
                    var rest = line[marker.Length..].Trim(" *");
                    found = rest.IsEmpty ? found : rest;
                }
            }
        }

        return found;
    }

    private static ReadOnlySpan<char> AnswerIs(ReadOnlySpan<char> text)
    {
        var at = text.LastIndexOf("answer is", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return [];
        }

        var rest = text[(at + "answer is".Length)..].TrimStart(" :*\r\n");
        return Sentence(Line(rest));
    }

    private static ReadOnlySpan<char> LastNumber(ReadOnlySpan<char> text)
    {
        var end = text.LastIndexOfAny(Digits);
        if (end < 0)
        {
            return [];
        }

        // The number and what may stand before it; read forward from there, because a sign or a fraction decides how it reads.
        var window = AnswerNormalizer.Fold(text[Math.Max(0, end - 200)..(end + 1)]).AsSpan();
        var (at, last) = (0, 0);
        while (AnswerNormalizer.TryNext(window, ref at, out _, out var start))
        {
            last = start;
        }

        var from = end + 1 - window.Length + last;
        while (from > 0 && text[from - 1] is '-' or '\u2212' or '$' && (from < 2 || !char.IsLetterOrDigit(text[from - 2])))
        {
            from--;
        }

        return text[from..(end + 1)];
    }

    private static ReadOnlySpan<char> Line(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(" \t:");
        var end = text.IndexOfAny('\n', '\r');
        return end < 0 ? text : text[..end];
    }

    // A full stop within a number ends no sentence.
    private static ReadOnlySpan<char> Sentence(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '.' or '!' or '?' && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1])))
            {
                return text[..i];
            }
        }

        return text;
    }
}
