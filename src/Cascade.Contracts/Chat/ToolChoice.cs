namespace Cascade.Contracts;

/// <summary>Whether the model must call a tool. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.chat.tool-choice-kind")]
public enum ToolChoiceKind
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>The model decides.</summary>
    Auto = 1,

    /// <summary>The model must not (OpenAI's <c>none</c>).</summary>
    Forbidden = 2,

    /// <summary>The model must call at least one.</summary>
    Required = 3,

    /// <summary>The model must call the named one.</summary>
    Function = 4,
}

/// <summary>Whether, and which, tool the model must call.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.tool-choice")]
public sealed record ToolChoice
{
    /// <summary>Whether it must.</summary>
    [Id(0)]
    public required ToolChoiceKind Kind { get; init; }

    /// <summary>The tool; only with <see cref="ToolChoiceKind.Function"/>.</summary>
    [Id(1)]
    public string? Name { get; init; }
}
