namespace Cascade.TestKit.Processes;

/// <summary>An endpoint of provider <c>openai</c> in the configuration of a <see cref="ServerProcess"/>.</summary>
/// <param name="Name">Its name in the cluster.</param>
/// <param name="Model">The provider's name of the model.</param>
/// <param name="BaseUrl">Where the provider is.</param>
public sealed record ServerEndpoint(string Name, string Model, string BaseUrl)
{
    /// <summary>Price of a million prompt tokens, in USD; null leaves the endpoint without prices.</summary>
    public string? InputUsd { get; init; } = "0.10";

    /// <summary>Price of a million answer tokens, in USD.</summary>
    public string OutputUsd { get; init; } = "10";

    /// <summary>Most answer tokens one call may be billed.</summary>
    public int MaxOutputTokens { get; init; } = 600;

    /// <summary>Whether a call is waited for when its caller goes away.</summary>
    public bool DrainOnCancel { get; init; } = true;

    internal IEnumerable<KeyValuePair<string, string>> Settings()
    {
        var path = $"Cascade:Endpoints:{Name}";
        yield return new($"{path}:Provider", "openai");
        yield return new($"{path}:Model", Model);
        yield return new($"{path}:BaseUrl", BaseUrl);
        yield return new($"{path}:MaxOutputTokens", $"{MaxOutputTokens}");
        yield return new($"{path}:DrainOnCancel", $"{DrainOnCancel}");
        if (InputUsd is null)
            yield break;
        yield return new($"{path}:InputUsdPerMillionTokens", InputUsd);
        yield return new($"{path}:OutputUsdPerMillionTokens", OutputUsd);
    }
}
