using System.Collections.Immutable;

namespace Cascade.Verification;

/// <summary>Judges a draft. Implementations are thread-safe, keep nothing of a request, and never throw for what a draft says.</summary>
public interface IVerifier
{
    /// <summary>A stable name, used in configuration, traces and metrics.</summary>
    string Name { get; }

    /// <summary>Judges one draft.</summary>
    /// <param name="draft">The draft and its question.</param>
    /// <param name="cancellationToken">Cancels the judgment.</param>
    /// <returns>The verdict.</returns>
    ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken);
}

/// <summary>What a judge sees.</summary>
public sealed record Draft
{
    /// <summary>The last thing the user said.</summary>
    public required string Question { get; init; }

    /// <summary>The answer under judgment.</summary>
    public required string Answer { get; init; }

    /// <summary>Why the model stopped: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>.</summary>
    public required string FinishReason { get; init; }

    /// <summary>The tools that the draft calls; judges of text have no opinion on a draft that calls any.</summary>
    public ImmutableArray<DraftToolCall> ToolCalls { get; init; } = [];

    /// <summary>Which tool calls the caller offered and asked for.</summary>
    public ToolDemand ToolDemand { get; init; } = new();

    /// <summary>The log-probability of each token of the draft; empty when nobody asked or the provider does not say.</summary>
    public ImmutableArray<double> TokenLogProbabilities { get; init; } = [];

    /// <summary>Whether the model refused in so many words, in the protocol's own field.</summary>
    public bool Refused { get; init; }

    /// <summary>Whether the draft calls a tool.</summary>
    public bool CallsTools => !ToolCalls.IsDefaultOrEmpty;

    /// <summary>The JSON schema the caller asked for; null when it did not.</summary>
    public string? SchemaJson { get; init; }

    /// <summary>Whether the caller asked for a JSON object.</summary>
    public bool WantsJson { get; init; }

    /// <summary>Asks another model the same question, as a paid attempt of its own.</summary>
    public required ISecondOpinion SecondOpinion { get; init; }
}

/// <summary>Asks another model the question of a draft. Whatever it costs is reserved, metered and settled like any attempt.</summary>
public interface ISecondOpinion
{
    /// <summary>Asks an endpoint.</summary>
    /// <param name="endpoint">The endpoint's name.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The answer, or why there is none.</returns>
    ValueTask<Opinion> AskAsync(string endpoint, CancellationToken cancellationToken);
}

/// <summary>A second answer.</summary>
/// <param name="Available">Whether there is one; false when it could not be paid for or the endpoint failed.</param>
/// <param name="Answer">The answer; empty when there is none.</param>
/// <param name="CostNanos">What was paid, in nano-dollars.</param>
/// <param name="Problem">A short code of why there is none; empty when there is.</param>
public readonly record struct Opinion(bool Available, string Answer, long CostNanos, string Problem);

/// <summary>What a judge says.</summary>
public sealed record Verdict
{
    /// <summary>The judge.</summary>
    public required string Verifier { get; init; }

    /// <summary>How much the judge trusts the draft, 0 to 1; NaN when it has no opinion (the draft is outside what it can check).</summary>
    public required double Score { get; init; }

    /// <summary>What the judgment cost, in nano-dollars.</summary>
    public long CostNanos { get; init; }

    /// <summary>Codes of what was found, for example <c>equation-wrong</c>; never text of the prompt or the answer.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];

    /// <summary>The verdicts a composed judge was made from, in the order they were asked; empty for a simple one.</summary>
    public ImmutableArray<Verdict> Parts { get; init; } = [];

    /// <summary>Whether the judge had an opinion.</summary>
    public bool HasOpinion => !double.IsNaN(Score);
}
