namespace Cascade.Planning.Scoring.Tokens;

/// <summary>The tokens of one answer as the model's provider reports them.</summary>
public readonly ref struct TokenTrace
{
    /// <summary>ℓ_t: the natural log-probability of each token, −∞ to 0; NaN where the provider gives none, which leaves the token out.</summary>
    public required ReadOnlySpan<double> LogProbs { get; init; }

    /// <summary>
    /// Whether each token is part of the answer's content; empty when all are. Tokens of tool calls, of a fixed format and of hidden reasoning say
    /// nothing about the answer and are left out.
    /// </summary>
    public ReadOnlySpan<bool> IsContent { get; init; }

    /// <summary>
    /// The log-probabilities of the <see cref="Alternatives"/> likeliest tokens at each place, the likeliest first, place by place; NaN where there
    /// are fewer. Empty when the provider gives none.
    /// </summary>
    public ReadOnlySpan<double> TopLogProbs { get; init; }

    /// <summary>K: how many likeliest tokens <see cref="TopLogProbs"/> has per place; 0 when it is empty.</summary>
    public int Alternatives { get; init; }

    internal void Require()
    {
        if (IsContent.Length != 0 && IsContent.Length != LogProbs.Length)
        {
            throw new ArgumentException($"{IsContent.Length} masks for {LogProbs.Length} tokens; give one per token, or none", nameof(IsContent));
        }

        if (Alternatives < 0 || TopLogProbs.Length != (long)Alternatives * LogProbs.Length)
        {
            throw new ArgumentException(
                $"{TopLogProbs.Length} log-probabilities of alternatives for {LogProbs.Length} tokens with {Alternatives} each; give that many per token",
                nameof(TopLogProbs));
        }

        foreach (var value in LogProbs)
        {
            if (value > 0)
            {
                throw new ArgumentException($"{value} is no log-probability; give numbers up to 0", nameof(LogProbs));
            }
        }
    }

    internal bool Counts(int token) => (IsContent.IsEmpty || IsContent[token]) && !double.IsNaN(LogProbs[token]);

    /// <summary>The log-probabilities of the content tokens.</summary>
    internal double[] Content()
    {
        Require();
        var content = new List<double>(LogProbs.Length);
        for (var t = 0; t < LogProbs.Length; t++)
        {
            if (Counts(t))
            {
                content.Add(LogProbs[t]);
            }
        }

        return [.. content];
    }
}
