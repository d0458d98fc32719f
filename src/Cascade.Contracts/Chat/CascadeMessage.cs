namespace Cascade.Contracts;

/// <summary>One message of a conversation.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.message")]
public sealed record CascadeMessage
{
    /// <summary>Who speaks.</summary>
    [Id(0)]
    public required ChatMessageRole Role { get; init; }

    /// <summary>What is said.</summary>
    [Id(1)]
    public required string Text { get; init; }
}
