using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Access;

/// <summary>Knows the keys of operators, who may change what accounts may spend. Holds hashes only; no key of an account is one.</summary>
internal sealed class AdminAccess(HttpConfig config)
{
    private readonly ImmutableArray<byte[]> _hashes =
        [.. config.AdminKeyHashes.Select(text => ApiKeys.TryNormalizeHash(text, out var hash) ? Encoding.ASCII.GetBytes(hash) : [])];

    public bool TryAuthenticate(HttpContext http, out ApiError? error)
    {
        if (!BearerAccess.TryReadKey(http, out var key, out error))
        {
            return false;
        }

        var hash = key.Length is > 0 and <= ApiKeys.MaxKeyLength ? Encoding.ASCII.GetBytes(ApiKeys.Hash(key)) : [];
        var known = false;
        foreach (var admin in _hashes)
        {
            known |= hash.Length > 0 && CryptographicOperations.FixedTimeEquals(admin, hash);
        }

        error = known ? null : new ApiError(GatewayErrors.InvalidApiKey, "the API key is no operator's; use one whose hash is among Http:AdminKeyHashes");
        return known;
    }
}
