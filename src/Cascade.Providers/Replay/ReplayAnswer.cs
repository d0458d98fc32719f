namespace Cascade.Providers.Replay;

/// <summary>What a model answered when it was recorded.</summary>
public sealed record ReplayAnswer
{
    /// <summary>The answer.</summary>
    public required string Text { get; init; }

    /// <summary>Tokens of the recorded prompt.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Tokens of the answer.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Whether the answer is right, by the recording's own grading.</summary>
    public required bool Correct { get; init; }
}
