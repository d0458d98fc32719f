namespace Cascade.Providers;

/// <summary>The APIs of OpenAI that answers can come from.</summary>
public static class OpenAiApis
{
    /// <summary>Chat completions, which every compatible server has.</summary>
    public const string Chat = "chat";

    /// <summary>Responses.</summary>
    public const string Responses = "responses";
}
