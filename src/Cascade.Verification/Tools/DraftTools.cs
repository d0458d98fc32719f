using System.Collections.Immutable;

namespace Cascade.Verification;

/// <summary>A tool call of a draft.</summary>
/// <param name="Name">The tool.</param>
/// <param name="ArgumentsJson">The arguments as the model wrote them.</param>
public sealed record DraftToolCall(string Name, string ArgumentsJson);

/// <summary>A tool that the caller offered.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SchemaJson">The JSON schema of its arguments; null for a tool without arguments.</param>
public sealed record DraftTool(string Name, string? SchemaJson);

/// <summary>Which tool calls the caller asked for.</summary>
public sealed record ToolDemand
{
    /// <summary>Whether the answer must call a tool.</summary>
    public bool Required { get; init; }

    /// <summary>The tool it must call; null for any.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the answer may call more than one.</summary>
    public bool Several { get; init; } = true;

    /// <summary>The tools that were offered.</summary>
    public ImmutableArray<DraftTool> Offered { get; init; } = [];
}
