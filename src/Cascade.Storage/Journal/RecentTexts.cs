namespace Cascade.Storage.Journal;

/// <summary>The last few different texts that were read, so that a stream of many lines has one string for each. Not thread-safe.</summary>
internal sealed class RecentTexts
{
    private const int Places = 8;

    private readonly (byte[] Field, string Text)[] _kept = new (byte[], string)[Places];
    private int _next;

    /// <summary>The text of a field; null when it is not among the last few.</summary>
    internal string? Find(ReadOnlySpan<byte> field)
    {
        foreach (var (known, text) in _kept)
        {
            if (field.SequenceEqual(known))
                return text;
        }

        return null;
    }

    /// <summary>Keeps a text in the place of the eldest.</summary>
    /// <returns>The text.</returns>
    internal string Keep(ReadOnlySpan<byte> field, string text)
    {
        _kept[_next] = (field.ToArray(), text);
        _next = (_next + 1) % Places;
        return text;
    }
}
