using Cascade.Providers.Calling;
using Cascade.Providers.OpenAi;

namespace Cascade.Providers.Transport;

/// <summary>The header that carries a provider's key.</summary>
internal sealed record KeyHeader(string Name, string Prefix)
{
    public const string Authorization = "Authorization";

    public static readonly KeyHeader Bearer = new(Authorization, "Bearer ");
    public static readonly KeyHeader Azure = new("api-key", "");
    public static readonly KeyHeader Anthropic = new("x-api-key", "");

    /// <summary>Every header that an SDK may have signed with; whatever stands in one of them is not our key.</summary>
    public static readonly IReadOnlyList<string> All = [Bearer.Name, Azure.Name, Anthropic.Name];

    /// <summary>The key of this call: the caller's own where it has one, else the endpoint's.</summary>
    public static IApiKeySource? SourceOf(IApiKeySource? endpoint) => CallScope.Current?.Key ?? endpoint;

    public string Value(IApiKeySource source)
    {
        var key = source.Get() ?? throw Missing("key-missing", "There is no key: its file or variable is empty or gone.");
        if (key.Any(letter => letter is <= ' ' or > '~'))
            throw Missing("key-malformed", "The key holds something that cannot be part of a header.");
        return Prefix + key;
    }

    private static ModelCallException Missing(string error, string message) =>
        new(ModelCallStatus.Unauthorized, BillingCertainty.NotBilled, error, message);
}
