namespace Cascade.Verification;

/// <summary>Where a final answer was found. Earlier values are trusted over later ones.</summary>
public enum AnswerSource
{
    /// <summary>There is no final answer.</summary>
    None = 0,

    /// <summary>An <c>answer</c> field of JSON, whole or broken.</summary>
    Json = 1,

    /// <summary>After <c>####</c>.</summary>
    Hashes = 2,

    /// <summary>In <c>\boxed{}</c>.</summary>
    Boxed = 3,

    /// <summary>A line that starts with <c>A:</c>, <c>Answer:</c> or <c>Final answer:</c>.</summary>
    AnswerLine = 4,

    /// <summary>After <c>the answer is</c>.</summary>
    AnswerIs = 5,

    /// <summary>The last number of the text.</summary>
    LastNumber = 6,

    /// <summary>A short text without any number, taken as a whole.</summary>
    WholeText = 7,
}

/// <summary>The final answer of a response.</summary>
/// <param name="Text">Its canonical form: a plain decimal or a fraction, or case-folded text; empty when there is none.</param>
/// <param name="IsNumber">Whether it is a number.</param>
/// <param name="Source">Where it was found.</param>
public readonly record struct FinalAnswer(string Text, bool IsNumber, AnswerSource Source)
{
    /// <summary>Whether there is a final answer.</summary>
    public bool Found => Source != AnswerSource.None;
}
