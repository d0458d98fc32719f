namespace Cascade.Providers.OpenAi;

/// <summary>A key in an environment variable.</summary>
internal sealed class EnvironmentApiKey(string variable) : IApiKeySource
{
    public string? Get() => Environment.GetEnvironmentVariable(variable)?.Trim() is { Length: > 0 } key ? key : null;

    public void Refused()
    {
    }
}
