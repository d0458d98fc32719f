using Cascade.Contracts;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Requests;

/// <summary>
/// The customer and the run that a key spends for, as the caller names them: each is one more segment of the key's account, so it can only
/// be an account below it.
/// </summary>
internal static class CallerAccount
{
    private static readonly string[] Headers = [GatewayHeaders.Customer, GatewayHeaders.Run];

    /// <summary>Reads who pays.</summary>
    /// <param name="headers">The request's headers.</param>
    /// <param name="key">The account of the key.</param>
    /// <param name="account">The account that pays.</param>
    /// <param name="error">What is wrong with a header.</param>
    /// <returns>Whether the headers are valid.</returns>
    public static bool TryRead(IHeaderDictionary headers, AccountId key, out AccountId account, out ApiError? error)
    {
        account = key;
        error = null;
        foreach (var name in Headers)
        {
            var values = headers[name];
            if (values.Count == 0)
            {
                continue;
            }

            var value = values.Count == 1 ? values[0] ?? "" : "";
            var problem = value.Length == 0 || value.Contains('/', StringComparison.Ordinal) ? "it is not one segment of an account path" : "";
            if (problem.Length > 0 || !AccountId.TryParse($"{account}/{value}", out account, out problem))
            {
                error = new ApiError(
                    GatewayErrors.InvalidValue,
                    $"header {name} must be given once, with letters, digits, '.', '_' and '-' only: {problem}")
                { Param = name };
                return false;
            }
        }

        return true;
    }
}
