using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using OpenAI;
using OpenAI.Chat;

namespace Cascade.Providers.OpenAi;

/// <summary>Makes the chat clients of OpenAI-compatible endpoints, all over one connection pool.</summary>
internal sealed class OpenAiChatClients : IDisposable
{
    /// <summary>The largest answer that is read. A million tokens is about 4 MB, so no honest answer comes near it.</summary>
    private const long LargestResponseBytes = 32 * 1024 * 1024;

    // The SDK insists on a key when it is made; ours may change later, or not exist.
    private const string NeverSent = "replaced-before-sending";

    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;

    public OpenAiChatClients(TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _loggers = loggers;

        // The caller's timeout is the only one, and a redirect would carry prompt and key to somebody who was not configured.
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),

            // Trace baggage can name a tenant, and a provider is a third party.
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        };
        _http = new HttpClient(new AttemptHandler(sockets, LargestResponseBytes)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public IChatClient Create(EndpointConfig config)
    {
        var options = new OpenAIClientOptions
        {
            Endpoint = OpenAiAddress.Resolve(config.BaseUrl),
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        options.AddPolicy(new ApiKeyPolicy(KeySource(config)), PipelinePosition.BeforeTransport);
        var client = new ChatClient(config.Model, new ApiKeyCredential(NeverSent), options).AsIChatClient();
        return config.OutputLimitField == OutputLimitFields.MaxTokens ? new MaxTokensChatClient(client) : client;
    }

    public void Dispose() => _http.Dispose();

    private IApiKeySource? KeySource(EndpointConfig config)
    {
        if (config.ApiKeyFile is { } file)
            return new FileApiKey(file, _time, _loggers.CreateLogger<FileApiKey>());
        return config.ApiKeyEnvironment is { } variable ? new EnvironmentApiKey(variable) : null;
    }
}
