using System.Collections.Immutable;

namespace Cascade.Verification;

/// <summary>The kinds of judges that configuration can name.</summary>
public static class VerifierKinds
{
    /// <summary>Recomputes the equations of the answer.</summary>
    public const string Arithmetic = "arithmetic";

    /// <summary>Asks a second model and compares the final answers.</summary>
    public const string Agreement = "agreement";

    /// <summary>Holds the answer to the JSON schema that the caller asked for.</summary>
    public const string JsonSchema = "json-schema";

    /// <summary>Finds empty, cut off, filtered and malformed answers.</summary>
    public const string Completeness = "completeness";

    /// <summary>Holds tool calls to the schemas of their tools.</summary>
    public const string ToolCall = "tool-call";

    /// <summary>How sure the model was of its tokens.</summary>
    public const string TokenLogProbability = "token-logprob";

    /// <summary>All parts must be content: the lowest opinion counts.</summary>
    public const string All = "all";

    /// <summary>The first part with an opinion decides.</summary>
    public const string First = "first";

    /// <summary>The weighted mean of the opinions.</summary>
    public const string Weighted = "weighted";

    /// <summary>Every kind, simple ones first.</summary>
    public static ImmutableArray<string> Every { get; } =
        [Arithmetic, Agreement, JsonSchema, Completeness, ToolCall, TokenLogProbability, All, First, Weighted];

    internal static bool IsComposite(string kind) => kind is All or First or Weighted;
}
