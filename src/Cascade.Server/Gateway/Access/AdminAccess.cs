using System.Collections.Frozen;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Access;

/// <summary>Knows the keys of operators, who may change what accounts may spend. No key of an account is one.</summary>
internal sealed class AdminAccess(HttpConfig config)
{
    private readonly KeyRing _keys = new(config.AdminKeyHashes.Select(Normal).Distinct().ToFrozenDictionary(static hash => hash, static _ => default(AccountId)));

    public bool TryAuthenticate(HttpContext http, out ApiError? error)
    {
        if (!BearerAccess.TryReadKey(http, out var key, out error))
        {
            return false;
        }

        if (_keys.TryFind(key, out _))
        {
            return true;
        }

        error = new ApiError(GatewayErrors.InvalidApiKey, "the API key is no operator's; use one whose hash is among Http:AdminKeyHashes");
        return false;
    }

    private static string Normal(string text) => ApiKeys.TryNormalizeHash(text, out var hash) ? hash : throw new InvalidOperationException("a key hash was not checked");
}
