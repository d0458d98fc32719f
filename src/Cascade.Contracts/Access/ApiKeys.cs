using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Cascade.Contracts;

/// <summary>
/// Makes and hashes the keys that callers of the HTTP gateway show. Only hashes are configured and kept, so a leaked configuration opens nothing.
/// </summary>
public static class ApiKeys
{
    /// <summary>What every generated key starts with, so that secret scanners can find a leaked one.</summary>
    public const string Prefix = "csk-";

    /// <summary>What every configured hash starts with; it names the hash function.</summary>
    public const string HashPrefix = "sha256:";

    /// <summary>Random bytes in a generated key.</summary>
    public const int EntropyBytes = 32;

    /// <summary>The longest key that is looked up, in characters.</summary>
    public const int MaxKeyLength = 512;

    private const int HashHexDigits = 64;

    /// <summary>Makes a key.</summary>
    /// <param name="entropy">Exactly <see cref="EntropyBytes"/> bytes from a cryptographic generator; whoever knows them knows the key.</param>
    /// <returns>The key: <c>csk-</c> and 43 characters that need no escaping in a header or a URL.</returns>
    /// <exception cref="ArgumentException">The number of bytes is another one.</exception>
    public static string Generate(ReadOnlySpan<byte> entropy)
    {
        if (entropy.Length != EntropyBytes)
        {
            throw new ArgumentException($"a key is made from {EntropyBytes} random bytes, not {entropy.Length}", nameof(entropy));
        }

        return Prefix + Base64Url.EncodeToString(entropy);
    }

    /// <summary>Hashes a key as configuration wants it. A plain hash is enough because a key is random and long: there is nothing to guess.</summary>
    /// <param name="key">The key.</param>
    /// <returns><c>sha256:</c> and 64 lower-case hexadecimal digits.</returns>
    public static string Hash(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return HashPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }

    /// <summary>Reads a configured hash.</summary>
    /// <param name="text">The text, for example <c>sha256:9f86…</c>; upper-case digits are taken too.</param>
    /// <param name="hash">The hash in the form <see cref="Hash"/> gives, when the text is one; otherwise empty.</param>
    /// <returns>Whether the text is a hash.</returns>
    public static bool TryNormalizeHash(string? text, out string hash)
    {
        hash = "";
        if (text is null
            || text.Length != HashPrefix.Length + HashHexDigits
            || !text.StartsWith(HashPrefix, StringComparison.Ordinal)
            || !text.AsSpan(HashPrefix.Length).ContainsOnlyHex())
        {
            return false;
        }

        hash = HashPrefix + text[HashPrefix.Length..].ToLowerInvariant();
        return true;
    }

    private static bool ContainsOnlyHex(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigit(c))
            {
                return false;
            }
        }

        return true;
    }
}
