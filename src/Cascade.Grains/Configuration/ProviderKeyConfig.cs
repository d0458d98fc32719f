namespace Cascade.Grains.Configuration;

/// <summary>A key that an account has at a provider. There is no place for the key itself, only for where it is.</summary>
public sealed class ProviderKeyConfig
{
    /// <summary>The endpoints whose calls it signs, all of one provider.</summary>
    public List<string> Endpoints { get; set; } = [];

    /// <summary>The environment variable that holds the key; only one of this and <see cref="ApiKeyFile"/>.</summary>
    public string? ApiKeyEnvironment { get; set; }

    /// <summary>The file that holds the key, read again while running.</summary>
    public string? ApiKeyFile { get; set; }
}
