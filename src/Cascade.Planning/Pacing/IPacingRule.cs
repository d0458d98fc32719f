namespace Cascade.Planning.Pacing;

/// <summary>Turns estimates and a price into a preference among actions. One instance serves one run; it may learn from what it is asked.</summary>
public interface IPacingRule
{
    /// <summary>A copy that has learned nothing, for a new run.</summary>
    /// <param name="requests">Requests of the run.</param>
    /// <param name="seed">Decides whatever is drawn at random.</param>
    /// <returns>The copy; a rule that learns nothing may return itself.</returns>
    IPacingRule Fresh(int requests, ulong seed);

    /// <summary>Scores the actions of a request.</summary>
    /// <param name="question">What is known when the request arrives.</param>
    /// <param name="scores">Takes one score per action, higher is better; negative infinity where an action is not allowed.</param>
    /// <returns>False to decline the request: no action is worth its price.</returns>
    bool Score(in PacingQuestion question, Span<double> scores);
}

/// <summary>What is known of a request when it arrives.</summary>
public readonly ref struct PacingQuestion
{
    /// <summary>q̂ per action, 0 to 1.</summary>
    public required ReadOnlySpan<double> Quality { get; init; }

    /// <summary>ĉ per action in dollars, 0 or more.</summary>
    public required ReadOnlySpan<double> CostUsd { get; init; }

    /// <summary>The pacer's price.</summary>
    public required double Price { get; init; }

    /// <summary>How many requests came before in the run.</summary>
    public required int Index { get; init; }
}
