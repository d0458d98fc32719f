using System.Collections.Immutable;

namespace Cascade.Datasets;

/// <summary>
/// Which column is what. A column that is not named here is found by its documented name, and may be absent; one that is named must exist;
/// <c>-</c> reads none. A name with <c>{model}</c> in it stands for one column per model (wide format): <c>quality:{model}</c>.
/// </summary>
public sealed record OutcomeMapping
{
    /// <summary>Names a column per model.</summary>
    public const string ModelPlace = "{model}";

    /// <summary>Reads no column, not even the one with the documented name.</summary>
    public const string None = "-";

    internal const string DefaultQueryId = "query_id";
    internal const string DefaultText = "text";

    /// <summary>The documented names.</summary>
    public static OutcomeMapping Default { get; } = new();

    /// <summary>The query's id. <c>query_id</c>; <see cref="None"/> numbers the rows of each file.</summary>
    public string? QueryId { get; init; }

    /// <summary>The model's name. <c>model</c>; not read in the wide format.</summary>
    public string? Model { get; init; }

    /// <summary>u, 0 to <see cref="QualityScale"/>. <c>quality</c>, or <c>quality:{model}</c> in the wide format.</summary>
    public string? Quality { get; init; }

    /// <summary>The quality of a perfect answer, above 0: 100 when qualities are percentages.</summary>
    public double QualityScale { get; init; } = 1;

    /// <summary>Qualities from this to 0 count as 0, and the report counts them; at most 0. For metrics that may fall a little below 0.</summary>
    public double LowestQuality { get; init; }

    /// <summary>The cost of the call in dollars. <c>cost_usd</c>, or <c>cost_usd:{model}</c>.</summary>
    public string? CostUsd { get; init; }

    /// <summary>What judging the answer cost, in dollars. <c>judge_cost_usd</c>, or <c>judge_cost_usd:{model}</c>.</summary>
    public string? JudgeCostUsd { get; init; }

    /// <summary>Cost of the call and of judging its answer together, in dollars: another way to give the cost of judging. No documented name.</summary>
    public string? CostWithJudgeUsd { get; init; }

    /// <summary>Input tokens. <c>input_tokens</c>, or <c>input_tokens:{model}</c>.</summary>
    public string? InputTokens { get; init; }

    /// <summary>Output tokens. <c>output_tokens</c>, or <c>output_tokens:{model}</c>.</summary>
    public string? OutputTokens { get; init; }

    /// <summary>Duration of the call in seconds. <c>latency_seconds</c>, or <c>latency_seconds:{model}</c>.</summary>
    public string? LatencySeconds { get; init; }

    /// <summary>Duration of the call in milliseconds: another way to give it. No documented name.</summary>
    public string? LatencyMilliseconds { get; init; }

    /// <summary>The query's text. <c>text</c>.</summary>
    public string? Text { get; init; }

    /// <summary>The kind of task. <c>task</c>.</summary>
    public string? Task { get; init; }

    /// <summary>The split that the publisher put the query in. <c>split</c>.</summary>
    public string? Split { get; init; }

    /// <summary>
    /// The confidence signals. When empty: each column <c>signal:NAME</c>, and in the wide format <c>signal:NAME:MODEL</c>, is one.
    /// </summary>
    public ImmutableArray<SignalColumn> Signals { get; init; } = [];

    /// <summary>The columns with numeric features of the query. When empty: each column <c>feature:NAME</c> is one.</summary>
    public ImmutableArray<string> Features { get; init; } = [];
}

/// <summary>A confidence signal.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Column">Its column; may contain <see cref="OutcomeMapping.ModelPlace"/>.</param>
public sealed record SignalColumn(string Name, string Column)
{
    /// <summary>What a blank cell says; NaN, the default, for nothing.</summary>
    public double Blank { get; init; } = double.NaN;
}

/// <summary>
/// A signal that compares a model's recorded answer with another's: 1 when they agree, 0 when not, nothing where the partner has no answer to
/// the query. The partner is asked in order to judge, so its cost is the cost of judging. Its own answers have no such signal.
/// </summary>
/// <param name="Name">The signal's name.</param>
/// <param name="AnswerColumn">The column with the answers.</param>
/// <param name="Partner">The model that is compared with.</param>
public sealed record AgreementSignal(string Name, string AnswerColumn, string Partner);
