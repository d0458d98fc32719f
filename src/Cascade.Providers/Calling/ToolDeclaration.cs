using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>A tool that the caller runs, with its schema as the caller wrote it.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">What it does; empty for nothing.</param>
/// <param name="parameters">The JSON schema of its arguments; null for a tool without arguments.</param>
/// <param name="strict">Whether the provider must hold the arguments to the schema; null for the provider's choice.</param>
public sealed class ToolDeclaration(string name, string description, JsonElement? parameters, bool? strict) : AIFunctionDeclaration
{
    private static readonly JsonElement NoArguments = JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement.Clone();

    /// <inheritdoc />
    public override string Name => name;

    /// <inheritdoc />
    public override string Description => description;

    /// <inheritdoc />
    public override JsonElement JsonSchema => parameters ?? NoArguments;

    /// <summary>The schema as the caller wrote it; null for a tool without arguments.</summary>
    public JsonElement? Parameters => parameters;

    /// <summary>Whether the provider must hold the arguments to the schema.</summary>
    public bool? Strict => strict;
}
