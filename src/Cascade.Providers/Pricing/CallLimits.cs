namespace Cascade.Providers.Pricing;

/// <summary>What one call cannot use more of.</summary>
public readonly record struct CallLimits
{
    /// <summary>Prompt tokens, images included, at least 0.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Answer tokens, reasoning included, at least 0.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Images in the prompt, at least 0. Without one, no prompt token is billed as an image's.</summary>
    public long Images { get; init; }

    /// <summary>Calls of tools that the provider bills, at least 0.</summary>
    public long ToolCalls { get; init; }

    /// <summary>Whether a usage stays within these limits.</summary>
    /// <param name="usage">The usage.</param>
    /// <returns>True when no count is above its limit.</returns>
    public bool Allows(BilledUsage usage) =>
        usage.InputTokens <= InputTokens && usage.OutputTokens <= OutputTokens && usage.Images <= Images && usage.ToolCalls <= ToolCalls
        && (usage.ImageInputTokens == 0 || Images > 0);
}
