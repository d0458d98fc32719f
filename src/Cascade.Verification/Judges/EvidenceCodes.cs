namespace Cascade.Verification;

/// <summary>What judges can find. The codes travel in traces and metrics: append only.</summary>
public static class EvidenceCodes
{
    /// <summary>An equation does not recompute.</summary>
    public const string EquationWrong = "equation-wrong";

    /// <summary>The final number is no result of an equation and stands nowhere else.</summary>
    public const string FinalNumberUnsupported = "final-number-unsupported";

    /// <summary>There is no equation to check.</summary>
    public const string NoEquations = "no-equations";

    /// <summary>The draft has no final answer to compare.</summary>
    public const string NoFinalAnswer = "no-final-answer";

    /// <summary>The second model's answer has no final answer to compare.</summary>
    public const string SecondOpinionWithoutAnswer = "second-opinion-without-answer";

    /// <summary>The final answers differ.</summary>
    public const string AnswersDiffer = "answers-differ";

    /// <summary>The answer is empty.</summary>
    public const string Empty = "empty";

    /// <summary>The model ran into its output limit.</summary>
    public const string CutOff = "cut-off";

    /// <summary>The provider filtered the answer.</summary>
    public const string ContentFiltered = "content-filtered";

    /// <summary>The answer opens with a phrase of refusal.</summary>
    public const string Refusal = "refusal";

    /// <summary>JSON was asked for and a bracket, a string or a fence is not closed.</summary>
    public const string JsonUnbalanced = "json-unbalanced";

    /// <summary>JSON was asked for and the answer is none.</summary>
    public const string NotJson = "not-json";

    /// <summary>A JSON object was asked for and the answer is another JSON value.</summary>
    public const string NotJsonObject = "not-json-object";

    /// <summary>The JSON does not match the schema.</summary>
    public const string SchemaMismatch = "schema-mismatch";

    /// <summary>The schema itself cannot be used.</summary>
    public const string SchemaInvalid = "schema-invalid";

    /// <summary>The answer is longer or nested deeper than the judge's limits.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The answer runs in a loop: one short block over and over.</summary>
    public const string Repetitive = "repetitive";

    /// <summary>A tool call was demanded and there is none.</summary>
    public const string ToolCallMissing = "tool-call-missing";

    /// <summary>There are several tool calls and one was allowed.</summary>
    public const string ToolCallsTooMany = "tool-calls-too-many";

    /// <summary>A call names a tool that was not offered.</summary>
    public const string ToolUnknown = "tool-unknown";

    /// <summary>A call names another tool than the one that was demanded.</summary>
    public const string ToolNotDemanded = "tool-not-demanded";

    /// <summary>The arguments of a call are no JSON object.</summary>
    public const string ToolArgumentsNotJson = "tool-arguments-not-json";

    /// <summary>The arguments of a call do not match the tool's schema.</summary>
    public const string ToolArgumentsMismatch = "tool-arguments-mismatch";

    /// <summary>The second model gave no answer.</summary>
    /// <param name="code">Why, as a short code.</param>
    /// <returns>The code.</returns>
    public static string SecondOpinionUnavailable(string code) => $"second-opinion-unavailable:{code}";
}
