using Anthropic;
using Anthropic.Core;
using Cascade.Providers.Transport;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Anthropic;

/// <summary>Makes the chat clients of Anthropic, on its official SDK.</summary>
internal sealed class AnthropicChatClients(ProviderTransport transport, ApiKeySources keys)
{
    public const string DefaultBaseUrl = "https://api.anthropic.com";

    // The SDK insists on a key when it is made; ours may change later, or not exist.
    private const string NeverSent = "replaced-before-sending";

    public IChatClient Create(EndpointConfig config)
    {
        var options = new ClientOptions
        {
            HttpClient = transport.Signed(keys.Of(config), KeyHeader.Anthropic),
            BaseUrl = (config.BaseUrl ?? DefaultBaseUrl).TrimEnd('/'),
            ApiKey = NeverSent,
            MaxRetries = 0,
            Timeout = TimeSpan.FromDays(1),
        };
        return new AnthropicClient(options).AsIChatClient(config.Model, config.MaxOutputTokens);
    }
}
