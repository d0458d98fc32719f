namespace Cascade.Providers;

/// <summary>Ends an answer at an output limit, as a provider does.</summary>
internal static class AnswerCut
{
    /// <summary>The first part of a text that has as large a share of its letters as the limit has of its tokens.</summary>
    public static string Cut(string text, long tokens, long limit)
    {
        if (limit >= tokens)
            return text;
        var length = (int)((Int128)text.Length * limit / tokens);
        return length > 0 && char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }
}
