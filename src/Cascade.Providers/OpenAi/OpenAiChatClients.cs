using System.ClientModel;
using System.ClientModel.Primitives;
using Cascade.Providers.Azure;
using Cascade.Providers.Transport;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace Cascade.Providers.OpenAi;

#pragma warning disable OPENAI001 // The responses API is the provider's current one; its SDK types are still marked as for evaluation.

/// <summary>Makes the chat clients of OpenAI, of Azure OpenAI and of compatible servers.</summary>
internal sealed class OpenAiChatClients(ProviderTransport transport, ApiKeySources keys)
{
    // The SDK insists on a key when it is made; ours may change later, or not exist.
    private const string NeverSent = "replaced-before-sending";

    public IChatClient Create(EndpointConfig config)
    {
        var isAzure = config.Provider == ProviderKinds.AzureOpenAi;
        var isResponses = config.Api == OpenAiApis.Responses;
        var quirks = OpenAiQuirks.Find(config.Compatible) ?? OpenAiQuirks.OpenAi;
        var address = isAzure
            ? AzureAddress.Resolve(config.BaseUrl!, config.ApiVersion, config.Model, isResponses)
            : OpenAiAddress.Resolve(config.BaseUrl ?? quirks.BaseUrl);
        if (isResponses)
        {
            var options = With(new ResponsesClientOptions(), address, config, isAzure);
            return new StatelessResponsesChatClient(new ResponsesClient(new ApiKeyCredential(NeverSent), options).AsIChatClient(config.Model));
        }

        IChatClient client = new StreamErrorChatClient(new ExactChatClient(
            new ChatClient(config.Model, new ApiKeyCredential(NeverSent), With(new OpenAIClientOptions(), address, config, isAzure)).AsIChatClient()));
        if (quirks.CachedTokensPath is { } path)
            client = new CachedTokensChatClient(client, path);
        return (config.OutputLimitField ?? quirks.OutputLimitField) == OutputLimitFields.MaxTokens ? new MaxTokensChatClient(client) : client;
    }

    private OpenAIClientOptions With(OpenAIClientOptions options, Uri address, EndpointConfig config, bool isAzure)
    {
        options.Endpoint = address;
        Prepare(options, config, isAzure);
        return options;
    }

    private ResponsesClientOptions With(ResponsesClientOptions options, Uri address, EndpointConfig config, bool isAzure)
    {
        options.Endpoint = address;
        Prepare(options, config, isAzure);
        return options;
    }

    private void Prepare(ClientPipelineOptions options, EndpointConfig config, bool isAzure)
    {
        options.Transport = new HttpClientPipelineTransport(transport.Client);
        options.RetryPolicy = new ClientRetryPolicy(maxRetries: 0);
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;
        if (isAzure && config.ApiVersion is { } version)
            options.AddPolicy(new ApiVersionPolicy(version), PipelinePosition.BeforeTransport);
        options.AddPolicy(new ApiKeyPolicy(keys.Of(config), isAzure ? KeyHeader.Azure : KeyHeader.Bearer), PipelinePosition.BeforeTransport);
    }
}
