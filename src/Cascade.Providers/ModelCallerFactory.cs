using Cascade.Providers.Calling;
using Cascade.Providers.OpenAi;
using Cascade.Providers.Replay;
using Cascade.Providers.Synthetic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cascade.Providers;

internal sealed class ModelCallerFactory : IModelCallerFactory, IDisposable
{
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly OpenAiChatClients _openAi;
    private readonly ReplayLibrary _recordings = new();

    public ModelCallerFactory(TimeProvider time, ILoggerFactory? loggers = null)
    {
        _time = time;
        _loggers = loggers ?? NullLoggerFactory.Instance;
        _openAi = new OpenAiChatClients(_time, _loggers);
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
            TracksSending = config.Provider == ProviderKinds.OpenAi,
            EnableSensitiveData = config.EnableSensitiveData,
        };
        return new ChatClientModelCaller(Client(config), settings, _time, _loggers.CreateLogger<ChatClientModelCaller>());
    }

    public void Dispose() => _openAi.Dispose();

    private IChatClient Client(EndpointConfig config) => config.Provider switch
    {
        ProviderKinds.OpenAi => _openAi.Create(config),
        ProviderKinds.Replay => new ReplayChatClient(config.Replay, config.Model, _time, _recordings),
        ProviderKinds.Synthetic => new SyntheticChatClient(config.Synthetic, _time),
        _ => throw new InvalidOperationException($"The provider {config.Provider} passed the check but has no client."),
    };
}
