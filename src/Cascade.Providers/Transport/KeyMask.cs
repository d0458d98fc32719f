using System.Net.Http.Headers;
using System.Text;

namespace Cascade.Providers.Transport;

/// <summary>
/// Finds the key that a request was signed with in the answer to it, so that a provider, or a proxy on the way, that repeats what it was sent does not give
/// the key away. Each letter of it becomes an asterisk.
/// </summary>
internal sealed class KeyMask
{
    /// <summary>Whatever is shorter may be a word that an answer holds for itself: local servers are given keys like <c>EMPTY</c>.</summary>
    public const int ShortestKey = 16;

    private readonly byte[] _key;

    private KeyMask(byte[] key) => _key = key;

    /// <summary>The mask for the key in a request's headers; null when it has none that is long enough to be told from words.</summary>
    public static KeyMask? Of(HttpRequestHeaders headers)
    {
        foreach (var name in KeyHeader.All)
        {
            if (headers.NonValidated.TryGetValues(name, out var values) && values.ToString().Split(' ')[^1] is { Length: >= ShortestKey } key)
                return new KeyMask(Encoding.ASCII.GetBytes(key));
        }

        return null;
    }

    /// <summary>Masks the key wherever it stands whole.</summary>
    /// <returns>Whether it stood anywhere.</returns>
    public bool Apply(Span<byte> text)
    {
        var found = false;
        while (text.IndexOf(_key) is >= 0 and var place)
        {
            text.Slice(place, _key.Length).Fill((byte)'*');
            text = text[(place + _key.Length)..];
            found = true;
        }

        return found;
    }

    /// <summary>How many bytes at the end of a text may be the beginning of the key.</summary>
    public int Begun(ReadOnlySpan<byte> text)
    {
        for (var length = Math.Min(text.Length, _key.Length - 1); length > 0; length--)
        {
            if (text[^length..].SequenceEqual(_key.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
