using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Access;

/// <summary>
/// Knows which account a key spends for. Holds hashes only. The lookup goes by hash, so its timing says nothing of a key; the final
/// comparison takes the same time wherever two hashes differ.
/// </summary>
internal sealed class KeyRing(FrozenDictionary<string, AccountId> accountsByHash)
{
    private readonly FrozenDictionary<string, Entry> _entries = accountsByHash.ToFrozenDictionary(
        static pair => pair.Key,
        static pair => new Entry(Encoding.ASCII.GetBytes(pair.Key), pair.Value),
        StringComparer.Ordinal);

    public bool TryFind(string key, out AccountId account)
    {
        account = default;
        if (key.Length is 0 or > ApiKeys.MaxKeyLength)
        {
            return false;
        }

        var hash = ApiKeys.Hash(key);
        if (!_entries.TryGetValue(hash, out var entry) || !CryptographicOperations.FixedTimeEquals(entry.Hash, Encoding.ASCII.GetBytes(hash)))
        {
            return false;
        }

        account = entry.Account;
        return true;
    }

    private sealed record Entry(byte[] Hash, AccountId Account);
}
