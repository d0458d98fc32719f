namespace Cascade.Providers.OpenAi;

/// <summary>How a server that speaks OpenAI's protocol differs from OpenAI. Keep in sync with docs/providers.md.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="BaseUrl">Where it is; null when every installation has its own address.</param>
/// <param name="OutputLimitField">The request field that it takes the output limit in.</param>
internal sealed record OpenAiQuirks(string Name, string? BaseUrl, string OutputLimitField)
{
    public static readonly OpenAiQuirks OpenAi = new("openai", OpenAiAddress.Default.ToString(), OutputLimitFields.MaxCompletionTokens);

    /// <summary>The path of the field in the usage object that holds tokens read from the cache, where it is not OpenAI's.</summary>
    public string? CachedTokensPath { get; init; }

    public static IReadOnlyList<OpenAiQuirks> All { get; } =
    [
        OpenAi,
        new("vllm", null, OutputLimitFields.MaxTokens),
        new("groq", "https://api.groq.com/openai/v1", OutputLimitFields.MaxCompletionTokens),
        new("together", "https://api.together.xyz/v1", OutputLimitFields.MaxTokens) { CachedTokensPath = "$.cached_tokens" },
        new("deepseek", "https://api.deepseek.com/v1", OutputLimitFields.MaxTokens) { CachedTokensPath = "$.prompt_cache_hit_tokens" },
        new("gemini", "https://generativelanguage.googleapis.com/v1beta/openai", OutputLimitFields.MaxTokens),
    ];

    public static OpenAiQuirks? Find(string name) => All.FirstOrDefault(each => each.Name == name);
}
