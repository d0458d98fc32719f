namespace Cascade.Contracts;

/// <summary>A tool that the model may call. The caller runs it; the cluster never does.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.tool")]
public sealed record ToolDefinition
{
    /// <summary>The tool's name: 1 to 64 letters, digits, <c>_</c> and <c>-</c>; each name once.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>What the tool does, for the model; null for nothing.</summary>
    [Id(1)]
    public string? Description { get; init; }

    /// <summary>The JSON schema of the arguments as text, an object; null for a tool without arguments.</summary>
    [Id(2)]
    public string? ParametersJson { get; init; }

    /// <summary>Whether the provider must hold the arguments to the schema; null leaves it to the provider.</summary>
    [Id(3)]
    public bool? Strict { get; init; }
}
