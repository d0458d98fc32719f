namespace Cascade.Providers;

/// <summary>The request fields that can carry an output limit.</summary>
public static class OutputLimitFields
{
    /// <summary>OpenAI's field; counts reasoning tokens too.</summary>
    public const string MaxCompletionTokens = "max_completion_tokens";

    /// <summary>The older field, which many compatible servers know.</summary>
    public const string MaxTokens = "max_tokens";
}
