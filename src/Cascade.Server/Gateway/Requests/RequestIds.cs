using System.Security.Cryptography;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Requests;

/// <summary>Makes the part of a request's name that nobody else has.</summary>
internal interface IRequestIdSource
{
    string Next();
}

internal sealed class RandomRequestIds : IRequestIdSource
{
    private const int HexDigits = 24;

    public string Next() => RandomNumberGenerator.GetHexString(HexDigits, lowercase: true);
}

/// <summary>
/// The caller's name for a request becomes a prefix of ours. The rest is always new, because a name that a caller uses twice must never make
/// two provider calls look like one in the ledger.
/// </summary>
internal static class CallerRequestId
{
    public const int MaxLength = 64;

    private static readonly string[] Headers = [GatewayHeaders.IdempotencyKey, GatewayHeaders.ClientRequestId];

    public static bool TryRead(IHeaderDictionary headers, out string id, out ApiError? error)
    {
        id = "";
        error = null;
        foreach (var name in Headers)
        {
            var values = headers[name];
            if (values.Count == 0)
            {
                continue;
            }

            var value = values.Count == 1 ? values[0] ?? "" : "";
            if (value.Length is 0 or > MaxLength || value.Any(c => c is <= ' ' or > '~'))
            {
                error = new ApiError(
                    GatewayErrors.InvalidValue,
                    $"header {name} must be given once, with 1 to {MaxLength} printable ASCII characters and no spaces")
                { Param = name };
                return false;
            }

            id = id.Length == 0 ? value : id;
        }

        return true;
    }
}
