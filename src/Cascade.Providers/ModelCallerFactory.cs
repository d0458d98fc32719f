using Cascade.Providers.Anthropic;
using Cascade.Providers.Calling;
using Cascade.Providers.Ollama;
using Cascade.Providers.OpenAi;
using Cascade.Providers.Replay;
using Cascade.Providers.Synthetic;
using Cascade.Providers.Transport;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cascade.Providers;

internal sealed class ModelCallerFactory : IModelCallerFactory, IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ProviderTransport _transport;
    private readonly OpenAiChatClients _openAi;
    private readonly AnthropicChatClients _anthropic;
    private readonly OllamaChatClients _ollama;
    private readonly ReplayLibrary _recordings = new();

    public ModelCallerFactory(TimeProvider time, ILoggerFactory? loggers = null)
        : this(time, loggers, transport: null)
    {
    }

    /// <summary>Makes a factory whose OpenAI clients send through a transport of a test; null for real connections.</summary>
    internal ModelCallerFactory(TimeProvider time, ILoggerFactory? loggers, HttpMessageHandler? transport)
    {
        _time = time;
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _transport = new ProviderTransport(transport);
        var keys = new ApiKeySources(_time, _loggers);
        _openAi = new OpenAiChatClients(_transport, keys);
        _anthropic = new AnthropicChatClients(_transport, keys);
        _ollama = new OllamaChatClients(_transport, keys);
    }

    public IModelCaller Create(string endpointName, EndpointConfig config)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpointName);
        var problems = EndpointConfigValidator.Check(endpointName, config).ToArray();
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(config));

        var settings = new ModelCallerSettings
        {
            Endpoint = endpointName,
            Model = config.Model,
            MinBytesPerToken = config.MinBytesPerToken,
            UncountedOutput = config.UncountedOutput,
            StreamUsage = config.StreamUsage,
            SaysWhyItStopped = config.Provider == ProviderKinds.Anthropic,
            TracksSending = ProviderKinds.IsRemote(config.Provider),
            EnableSensitiveData = config.EnableSensitiveData,
        };
        return new ChatClientModelCaller(Client(config), settings, _time, _loggers.CreateLogger<ChatClientModelCaller>());
    }

    public void Dispose() => _transport.Dispose();

    private IChatClient Client(EndpointConfig config) => config.Provider switch
    {
        ProviderKinds.OpenAi or ProviderKinds.AzureOpenAi => _openAi.Create(config),
        ProviderKinds.Anthropic => _anthropic.Create(config),
        ProviderKinds.Ollama => _ollama.Create(config),
        ProviderKinds.Replay => new ReplayChatClient(config.Replay, config.Model, _time, _recordings),
        ProviderKinds.Synthetic => new SyntheticChatClient(config.Synthetic, _time),
        _ => throw new InvalidOperationException($"The provider {config.Provider} passed the check but has no client."),
    };
}
