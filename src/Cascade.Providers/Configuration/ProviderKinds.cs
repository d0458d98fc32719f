namespace Cascade.Providers;

/// <summary>The kinds of provider.</summary>
public static class ProviderKinds
{
    /// <summary>OpenAI and everything that speaks its protocol.</summary>
    public const string OpenAi = "openai";

    /// <summary>OpenAI's models at Azure.</summary>
    public const string AzureOpenAi = "azure-openai";

    /// <summary>Anthropic.</summary>
    public const string Anthropic = "anthropic";

    /// <summary>Ollama.</summary>
    public const string Ollama = "ollama";

    /// <summary>Recorded answers of real models.</summary>
    public const string Replay = "replay";

    /// <summary>Solvers of made-up word problems; no model at all.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> All { get; } = [OpenAi, AzureOpenAi, Anthropic, Ollama, Replay, Synthetic];

    /// <summary>Whether a kind connects to a provider, which can ask for a key.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsRemote(string kind) => kind is OpenAi or AzureOpenAi or Anthropic or Ollama;
}
