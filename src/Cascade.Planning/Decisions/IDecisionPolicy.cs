namespace Cascade.Planning.Decisions;

/// <summary>
/// A fitted strategy: looks at what has happened to a request so far and says what to do next. Pure and thread-safe: the same state gives
/// the same decision.
/// </summary>
public interface IDecisionPolicy
{
    /// <summary>The models the policy chooses among; decisions name them by index.</summary>
    IReadOnlyList<ModelProfile> Models { get; }

    /// <summary>Decides the next step.</summary>
    /// <param name="state">What has happened so far.</param>
    /// <returns>The step. A policy never calls a model that already has an outcome, so at most one step per model precedes the end.</returns>
    Decision Decide(in DecisionState state);

    /// <summary>Whether the policy may look at the score of a model's answer; a score that is never looked at need not be paid for.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>Whether it may.</returns>
    bool ReadsScoreOf(int model) => true;

    /// <summary>Whether the policy may look at <see cref="DecisionState.PriorQuality"/> and <see cref="DecisionState.PriorCostUsd"/>; estimates that are never looked at need not be made.</summary>
    bool ReadsEstimates => true;
}

/// <summary>What a policy knows of a model before it runs.</summary>
public sealed record ModelProfile
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>Expected quality on the route's traffic, 0 to 1.</summary>
    public required double Quality { get; init; }

    /// <summary>Expected cost of one call, in dollars, at least 0.</summary>
    public required double CostUsd { get; init; }
}

/// <summary>What came of calling a model.</summary>
public enum OutcomeKind
{
    /// <summary>Not called yet.</summary>
    None = 0,

    /// <summary>It answered; the score says how good.</summary>
    Answered = 1,

    /// <summary>It failed, or found no capacity.</summary>
    Failed = 2,

    /// <summary>The budget could not pay for it.</summary>
    Unaffordable = 3,
}

/// <summary>The outcome of one model in one request.</summary>
/// <param name="Kind">What came of it.</param>
/// <param name="Score">Calibrated P(answer is right), 0 to 1; NaN when nobody judged it.</param>
public readonly record struct ModelOutcome(OutcomeKind Kind, double Score);

/// <summary>Everything a policy may look at.</summary>
public readonly ref struct DecisionState
{
    /// <summary>One outcome per model of the policy, by index.</summary>
    public required ReadOnlySpan<ModelOutcome> Outcomes { get; init; }

    /// <summary>The price of money, in quality per dollar, at least 0.</summary>
    public required double ShadowPrice { get; init; }

    /// <summary>q̂: expected quality of each model on this very request before any ran, 0 to 1, by index; empty when nobody estimated it.</summary>
    public ReadOnlySpan<double> PriorQuality { get; init; }

    /// <summary>ĉ: expected cost in dollars of each model on this very request, by index; empty when nobody estimated it.</summary>
    public ReadOnlySpan<double> PriorCostUsd { get; init; }

    /// <summary>
    /// What a call of each model costs others because its endpoint is busy, in quality, at least 0, by index; empty when none is busy. A model that
    /// gains less than this over what can be had elsewhere is not worth its place.
    /// </summary>
    public ReadOnlySpan<double> Congestion { get; init; }

    /// <summary>The congestion of one model.</summary>
    /// <param name="model">Index of the model.</param>
    /// <returns>Quality, at least 0.</returns>
    public double CongestionOf(int model) => Congestion.IsEmpty ? 0 : Congestion[model];
}

/// <summary>What to do next.</summary>
public enum DecisionKind
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>Call a model.</summary>
    Call = 1,

    /// <summary>Return the answer of a model that has run.</summary>
    Accept = 2,

    /// <summary>Return no answer.</summary>
    Abstain = 3,
}

/// <summary>Why. The name travels in traces in kebab case.</summary>
public enum DecisionReason
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The first model of the plan.</summary>
    Start = 1,

    /// <summary>Reliability: the model before it failed or could not be paid for.</summary>
    Fallback = 2,

    /// <summary>Quality: the score is below the threshold and the expected gain is worth its price.</summary>
    ScoreBelowThreshold = 3,

    /// <summary>The score reaches the threshold.</summary>
    ScoreReachesThreshold = 4,

    /// <summary>The score is below the threshold, but the expected gain is not worth its price.</summary>
    GainNotWorthPrice = 5,

    /// <summary>Nothing is left to decide: the plan calls no further model once this one has answered.</summary>
    LastModel = 6,

    /// <summary>A better answer was wanted but cannot be had, or came out no better; this is the best answer there is.</summary>
    BestAvailable = 7,

    /// <summary>No model has an answer and none is left.</summary>
    Exhausted = 8,

    /// <summary>The score is so low that no answer is better than this one, and a further model is not worth its price.</summary>
    ScoreTooLow = 9,

    /// <summary>Of all models, this one is expected to be worth most for its price; no answer has been looked at yet.</summary>
    BestExpectedValue = 10,

    /// <summary>No further model is expected to add more quality than its price is worth.</summary>
    NothingWorthMore = 11,

    /// <summary>After the answers so far, a further model is still expected to add more quality than its price is worth.</summary>
    GainWorthPrice = 12,
}

/// <summary>A step.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Model">Index of the model; -1 on abstain.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Decision(DecisionKind Kind, int Model, DecisionReason Reason);
