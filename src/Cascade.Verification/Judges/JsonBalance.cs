namespace Cascade.Verification;

/// <summary>Whether every bracket, string and code fence of a text is closed. One pass, so it also serves text that no parser accepts.</summary>
internal static class JsonBalance
{
    internal static bool IsClosed(string text)
    {
        var body = text.AsSpan().Trim();
        var fenced = body.StartsWith("```", StringComparison.Ordinal);
        if (fenced && (body.Length < 6 || !body.EndsWith("```", StringComparison.Ordinal)))
        {
            return false;
        }

        var open = new Stack<char>();
        var inString = false;
        for (var i = 0; i < body.Length; i++)
        {
            var c = body[i];
            if (inString)
            {
                i += c == '\\' ? 1 : 0;
                inString = c != '"';
                continue;
            }

            switch (c)
            {
                case '"':
                    inString = true;
                    break;
                case '{' or '[':
                    open.Push(c == '{' ? '}' : ']');
                    break;
                case '}' or ']' when !open.TryPop(out var wanted) || wanted != c:
                    return false;
            }
        }

        return !inString && open.Count == 0;
    }
}
