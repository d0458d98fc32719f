namespace Cascade.Planning.Pacing;

/// <summary>q̂ − λ·ĉ in linear dollars: the rule whose price is the budget's dual variable. Stateless.</summary>
public sealed class LinearRule : IPacingRule
{
    /// <summary>The only instance.</summary>
    public static LinearRule Instance { get; } = new();

    /// <inheritdoc/>
    public IPacingRule Fresh(int requests, ulong seed) => this;

    /// <inheritdoc/>
    public bool Score(in PacingQuestion question, Span<double> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = question.Quality[i] - (question.Price * question.CostUsd[i]);
        }

        return true;
    }
}
