namespace Cascade.Contracts;

/// <summary>The form an answer must have. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.chat.format-kind")]
public enum AnswerFormatKind
{
    /// <summary>Free text.</summary>
    Text = 0,

    /// <summary>Any JSON object.</summary>
    JsonObject = 1,

    /// <summary>JSON that a schema describes.</summary>
    JsonSchema = 2,
}

/// <summary>The form that the caller asks for; a verifier can hold the draft to it.</summary>
[GenerateSerializer, Immutable, Alias("cascade.chat.format")]
public sealed record AnswerFormat
{
    /// <summary>The form.</summary>
    [Id(0)]
    public required AnswerFormatKind Kind { get; init; }

    /// <summary>The schema's name, as OpenAI wants one; only with <see cref="AnswerFormatKind.JsonSchema"/>.</summary>
    [Id(1)]
    public string? SchemaName { get; init; }

    /// <summary>The JSON schema as text; only with <see cref="AnswerFormatKind.JsonSchema"/>.</summary>
    [Id(2)]
    public string? SchemaJson { get; init; }

    /// <summary>What the schema is for, told to the model; only with <see cref="AnswerFormatKind.JsonSchema"/>.</summary>
    [Id(3)]
    public string? SchemaDescription { get; init; }

    /// <summary>Whether the provider must hold the answer to the schema; null leaves it to the provider.</summary>
    [Id(4)]
    public bool? Strict { get; init; }
}
