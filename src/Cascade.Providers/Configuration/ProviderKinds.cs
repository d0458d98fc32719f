namespace Cascade.Providers;

/// <summary>The kinds of provider.</summary>
public static class ProviderKinds
{
    /// <summary>OpenAI and everything that speaks its protocol.</summary>
    public const string OpenAi = "openai";

    /// <summary>Recorded answers of real models.</summary>
    public const string Replay = "replay";

    /// <summary>Solvers of made-up word problems; no model at all.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> All { get; } = [OpenAi, Replay, Synthetic];
}
