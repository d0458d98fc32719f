namespace Cascade.Contracts;

/// <summary>How long a model may think before it answers. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.chat.reasoning-effort")]
public enum ReasoningEffort
{
    /// <summary>Not said; the provider decides.</summary>
    None = 0,

    /// <summary>Not at all (OpenAI's <c>none</c>).</summary>
    Off = 1,

    /// <summary>As little as the model can.</summary>
    Minimal = 2,

    /// <summary>Little.</summary>
    Low = 3,

    /// <summary>The usual.</summary>
    Medium = 4,

    /// <summary>Much.</summary>
    High = 5,

    /// <summary>As much as the model can (OpenAI's <c>xhigh</c>).</summary>
    ExtraHigh = 6,
}
