namespace Cascade.Contracts;

/// <summary>A tool that a model wants called.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.tool-call")]
public sealed record ToolCall
{
    /// <summary>Names the call; its result comes back under this name.</summary>
    [Id(0)]
    public required string CallId { get; init; }

    /// <summary>The tool.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The arguments exactly as the model wrote them, which need not be valid JSON.</summary>
    [Id(2)]
    public required string ArgumentsJson { get; init; }
}
