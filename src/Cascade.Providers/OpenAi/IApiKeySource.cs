namespace Cascade.Providers.OpenAi;

/// <summary>Where a key comes from. Thread-safe.</summary>
internal interface IApiKeySource
{
    /// <summary>The key; null when there is none.</summary>
    string? Get();

    /// <summary>The provider did not accept the key, so it may have been rotated.</summary>
    void Refused();
}
