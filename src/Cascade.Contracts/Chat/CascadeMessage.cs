using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>One message of a conversation.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.message")]
public sealed record CascadeMessage
{
    /// <summary>Who speaks.</summary>
    [Id(0)]
    public required ChatMessageRole Role { get; init; }

    /// <summary>What is said, or what a tool returned; empty when <see cref="Parts"/> says it.</summary>
    [Id(1)]
    public string Text { get; init; } = "";

    /// <summary>What is said, in order, when it is more than a text; empty otherwise.</summary>
    [Id(2)]
    public ImmutableArray<ContentPart> Parts { get; init; } = [];

    /// <summary>The tools that the model called in this message; only from <see cref="ChatMessageRole.Assistant"/>.</summary>
    [Id(3)]
    public ImmutableArray<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Which call this is the result of; required from <see cref="ChatMessageRole.Tool"/>, null otherwise.</summary>
    [Id(4)]
    public string? ToolCallId { get; init; }

    /// <summary>Who of several speakers of the same role this is; null when it does not matter.</summary>
    [Id(5)]
    public string? Name { get; init; }

    /// <summary>With what words the model refused; only from <see cref="ChatMessageRole.Assistant"/>, null when it did not.</summary>
    [Id(6)]
    public string? RefusalText { get; init; }

    /// <summary>All text of the message, images left out.</summary>
    public string PlainText =>
        Parts.IsDefaultOrEmpty ? Text : string.Concat(Parts.Where(static part => part.Kind == ContentPartKind.Text).Select(static part => part.Text));
}
