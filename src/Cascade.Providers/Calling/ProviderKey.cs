using Cascade.Providers.OpenAi;
using Microsoft.Extensions.Logging;

namespace Cascade.Providers.Calling;

/// <summary>A key that a tenant brings for an endpoint: where it is, never what it is. Thread-safe.</summary>
public sealed class ProviderKey
{
    private ProviderKey(IApiKeySource source) => Source = source;

    internal IApiKeySource Source { get; }

    /// <summary>A key in an environment variable.</summary>
    /// <param name="variable">The variable's name.</param>
    /// <returns>The key.</returns>
    public static ProviderKey FromEnvironment(string variable)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(variable);
        return new ProviderKey(new EnvironmentApiKey(variable));
    }

    /// <summary>A key in a file, which is read again while running.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told when the file cannot be used.</param>
    /// <returns>The key.</returns>
    public static ProviderKey FromFile(string path, TimeProvider time, ILogger logger)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new ProviderKey(new FileApiKey(path, time, logger));
    }
}
