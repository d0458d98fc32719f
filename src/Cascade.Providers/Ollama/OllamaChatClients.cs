using Cascade.Providers.Transport;
using Microsoft.Extensions.AI;
using OllamaSharp;

namespace Cascade.Providers.Ollama;

/// <summary>Makes the chat clients of Ollama.</summary>
internal sealed class OllamaChatClients(ProviderTransport transport, ApiKeySources keys)
{
    public const string DefaultBaseUrl = "http://127.0.0.1:11434";

    public IChatClient Create(EndpointConfig config)
    {
        var http = transport.Signed(keys.Of(config), KeyHeader.Bearer);
        http.BaseAddress = new Uri((config.BaseUrl ?? DefaultBaseUrl).TrimEnd('/') + "/");
        return new OllamaApiClient(http, config.Model);
    }
}
