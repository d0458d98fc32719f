namespace Cascade.Contracts;

/// <summary>Who speaks in a message. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.chat.role")]
public enum ChatMessageRole
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>Instructions to the model (OpenAI's <c>system</c> and <c>developer</c>).</summary>
    System = 1,

    /// <summary>The person or program that asks.</summary>
    User = 2,

    /// <summary>An earlier answer of a model.</summary>
    Assistant = 3,

    /// <summary>A tool that the model called, with its result.</summary>
    Tool = 4,
}
