using Cascade.Providers.OpenAi;
using Microsoft.Extensions.Logging;

namespace Cascade.Providers.Transport;

/// <summary>Makes the sources of keys.</summary>
internal sealed class ApiKeySources(TimeProvider time, ILoggerFactory loggers)
{
    public IApiKeySource? Of(EndpointConfig config)
    {
        if (config.ApiKeyFile is { } file)
            return new FileApiKey(file, time, loggers.CreateLogger<FileApiKey>());
        return config.ApiKeyEnvironment is { } variable ? new EnvironmentApiKey(variable) : null;
    }
}
