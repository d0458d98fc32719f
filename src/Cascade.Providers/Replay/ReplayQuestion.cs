namespace Cascade.Providers.Replay;

/// <summary>A recorded question.</summary>
public sealed record ReplayQuestion
{
    /// <summary>The recording's id of the question.</summary>
    public required string Id { get; init; }

    /// <summary>The bare question.</summary>
    public required string Text { get; init; }

    /// <summary>The right answer, as a number in plain digits.</summary>
    public required string ReferenceAnswer { get; init; }

    /// <summary>What the models were sent: the question with its instructions, or the bare question when nothing else was recorded.</summary>
    public required string Prompt { get; init; }
}
