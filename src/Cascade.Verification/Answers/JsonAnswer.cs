namespace Cascade.Verification;

/// <summary>
/// Finds the <c>answer</c> field of JSON without parsing the JSON: models leave line breaks, single back-slashes and bare quotes in their
/// strings, forget the last brace and wrap it all in fences, and the field is still plain to see.
/// </summary>
internal static class JsonAnswer
{
    private static readonly string[] Keys = ["answer", "final_answer", "finalAnswer", "final answer"];

    internal static ReadOnlySpan<char> Find(ReadOnlySpan<char> text)
    {
        var (start, after) = (-1, 0);
        foreach (var key in Keys)
        {
            var (at, value) = LastField(text, key);
            (start, after) = at > start ? (at, value) : (start, after);
        }

        return start < 0 ? [] : Value(text[after..]);
    }

    /// <summary>Whether the text is JSON that ends before its answer: then the last number is the middle of a calculation.</summary>
    internal static bool IsCutJson(ReadOnlySpan<char> text)
    {
        var body = text.TrimStart();
        body = body.StartsWith("```", StringComparison.Ordinal) ? body[3..].TrimStart("json \r\n") : body;
        return body.StartsWith("{", StringComparison.Ordinal) && body[1..].TrimStart().StartsWith("\"", StringComparison.Ordinal);
    }

    private static (int At, int Value) LastField(ReadOnlySpan<char> text, string key)
    {
        for (var end = text.Length; end > 0;)
        {
            var at = text[..end].LastIndexOf(key, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
            {
                break;
            }

            end = at;
            var i = at + key.Length;
            if (at == 0 || text[at - 1] is not ('"' or '\'' or '`') || i >= text.Length || text[i] is not ('"' or '\'' or '`' or '\\'))
            {
                continue;
            }

            i += text[i] == '\\' ? 2 : 1;
            while (i < text.Length && char.IsWhiteSpace(text[i]))
            {
                i++;
            }

            if (i < text.Length && text[i] == ':')
            {
                return (at, i + 1);
            }
        }

        return (-1, 0);
    }

    private static ReadOnlySpan<char> Value(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        text = text.StartsWith("\\\"", StringComparison.Ordinal) ? text[1..] : text;
        if (text.IsEmpty)
        {
            return [];
        }

        if (text[0] is not ('"' or '\''))
        {
            var end = text[0] is '{' or '[' ? text.IndexOfAny('}', ']') + 1 : text.IndexOfAny('\n', '}');
            end = end == 0 ? -1 : end;
            return (end < 0 ? text : text[..end]).TrimEnd(" \t\r,");
        }

        var body = text[1..];
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == '\\')
            {
                i++;
            }
            else if (body[i] == text[0] && EndsString(body[(i + 1)..]))
            {
                return body[..i];
            }
        }

        return body;
    }

    // A quote that something else follows stands within the answer.
    private static bool EndsString(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart(" \t");
        return rest.IsEmpty || rest[0] is ',' or '}' or '\n' or '\r' or '`' or '<' or ']' or '\\';
    }
}
