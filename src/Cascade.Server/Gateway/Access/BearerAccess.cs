using Cascade.Contracts;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Access;

/// <summary>Turns the <c>Authorization</c> header into the account that pays.</summary>
internal sealed class BearerAccess(KeyRing keys)
{
    private const string Scheme = "Bearer ";

    public bool TryAuthenticate(HttpContext http, out AccountId account, out ApiError? error)
    {
        account = default;
        if (!TryReadKey(http, out var key, out error))
        {
            return false;
        }

        if (!keys.TryFind(key, out account))
        {
            error = Refuse("the API key is not known here; check it, or ask the operator for one");
            return false;
        }

        GatewayCall.Of(http).Account = account.Value;
        return true;
    }

    /// <summary>Reads the key that a request shows.</summary>
    public static bool TryReadKey(HttpContext http, out string key, out ApiError? error)
    {
        key = "";
        error = null;
        var header = http.Request.Headers.Authorization;
        if (header.Count == 0)
        {
            error = Refuse("no API key was sent; send the header 'Authorization: Bearer <key>'");
            return false;
        }

        if (header is not [{ } value] || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            error = Refuse("the Authorization header is not 'Bearer <key>'; send exactly one in that form");
            return false;
        }

        key = value[Scheme.Length..].Trim();
        return true;
    }

    private static ApiError Refuse(string message) => new(GatewayErrors.InvalidApiKey, message);
}
