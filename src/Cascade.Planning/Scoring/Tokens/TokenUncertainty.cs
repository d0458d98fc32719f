namespace Cascade.Planning.Scoring.Tokens;

/// <summary>
/// How sure a model was of its answer, from the log-probabilities of its tokens. Chow's rules and their quantiles after Gupta et al., "Language Model
/// Cascades: Token-level Uncertainty and Beyond", arXiv 2404.10136; negentropies and margin as in the literature on black-box and white-box
/// uncertainty of language models. Higher is surer; NaN when no content token is left.
/// </summary>
public static class TokenUncertainty
{
    /// <summary>Chow-Sum: Σ ℓ_t, the log-probability of the whole answer; falls with its length.</summary>
    /// <param name="trace">The tokens.</param>
    /// <returns>−∞ to 0.</returns>
    /// <exception cref="ArgumentException">The trace is not as described.</exception>
    public static double ChowSum(in TokenTrace trace)
    {
        var content = trace.Content();
        return content.Length == 0 ? double.NaN : Sum(content);
    }

    /// <summary>Chow-Average: (1/T) Σ ℓ_t; one doubtful token of many hardly shows.</summary>
    /// <param name="trace">The tokens.</param>
    /// <returns>−∞ to 0.</returns>
    /// <exception cref="ArgumentException">The trace is not as described.</exception>
    public static double ChowAverage(in TokenTrace trace)
    {
        var content = trace.Content();
        return content.Length == 0 ? double.NaN : Sum(content) / content.Length;
    }

    /// <summary>Chow-Quantile(α): the α-quantile of the ℓ_t, linear between order statistics; 0 is the least sure token.</summary>
    /// <param name="trace">The tokens.</param>
    /// <param name="alpha">α, 0 to 1.</param>
    /// <returns>−∞ to 0.</returns>
    /// <exception cref="ArgumentException">The trace is not as described, or α is out of its range.</exception>
    public static double ChowQuantile(in TokenTrace trace, double alpha)
    {
        if (alpha is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "give a quantile from 0 to 1");
        }

        var content = trace.Content();
        Array.Sort(content);
        return Quantile(content, alpha);
    }

    /// <summary>The length-normalised probability of the answer, exp((1/T) Σ ℓ_t): the geometric mean of its tokens' probabilities.</summary>
    /// <param name="trace">The tokens.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">The trace is not as described.</exception>
    public static double LengthNormalizedProbability(in TokenTrace trace) => Math.Exp(ChowAverage(trace));

    /// <summary>The probability of the least sure token.</summary>
    /// <param name="trace">The tokens.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">The trace is not as described.</exception>
    public static double MinTokenProbability(in TokenTrace trace) => Math.Exp(ChowQuantile(trace, 0));

    /// <summary>The mean difference between the likeliest and the second likeliest token's probability; places with one alternative are left out.</summary>
    /// <param name="trace">The tokens, with alternatives.</param>
    /// <returns>0 to 1; NaN without alternatives.</returns>
    /// <exception cref="ArgumentException">The trace is not as described.</exception>
    public static double Margin(in TokenTrace trace)
    {
        trace.Require();
        var (sum, count) = (0.0, 0);
        for (var t = 0; t < trace.LogProbs.Length && trace.Alternatives >= 2; t++)
        {
            var top = trace.TopLogProbs.Slice(t * trace.Alternatives, trace.Alternatives);
            if (trace.Counts(t) && !double.IsNaN(top[0]) && !double.IsNaN(top[1]))
            {
                sum += Math.Exp(top[0]) - Math.Exp(top[1]);
                count++;
            }
        }

        return count == 0 ? double.NaN : sum / count;
    }

    /// <summary>Mean negentropy over the tokens.</summary>
    /// <param name="trace">The tokens, with at least two alternatives each.</param>
    /// <param name="renormalize">Whether the alternatives are made to add up to 1 first.</param>
    /// <returns>0 to 1 when renormalised; NaN without alternatives.</returns>
    /// <exception cref="ArgumentException">The trace is not as described.</exception>
    public static double MeanNegentropy(in TokenTrace trace, bool renormalize) => Negentropies(trace, renormalize).Mean;

    /// <summary>The lowest negentropy of a token.</summary>
    /// <param name="trace">The tokens, with at least two alternatives each.</param>
    /// <param name="renormalize">Whether the alternatives are made to add up to 1 first.</param>
    /// <returns>0 to 1 when renormalised; NaN without alternatives.</returns>
    /// <exception cref="ArgumentException">The trace is not as described.</exception>
    public static double MinNegentropy(in TokenTrace trace, bool renormalize) => Negentropies(trace, renormalize).Min;

    /// <summary>Negentropy of one place: TN = 1 − TE / ln K with TE = −Σ p_j ln p_j over the K likeliest tokens.</summary>
    /// <param name="topLogProbs">The log-probabilities of the K likeliest tokens; NaN where there are fewer, which lowers K.</param>
    /// <param name="renormalize">Whether they are made to add up to 1 first.</param>
    /// <returns>1 when one token is certain, 0 when all K are alike; NaN for fewer than two tokens.</returns>
    public static double Negentropy(ReadOnlySpan<double> topLogProbs, bool renormalize)
    {
        var (count, total) = (0, 0.0);
        foreach (var log in topLogProbs)
        {
            if (!double.IsNaN(log))
            {
                count++;
                total += Math.Exp(log);
            }
        }

        if (count < 2 || !(total > 0))
        {
            return double.NaN;
        }

        var entropy = 0.0;
        foreach (var log in topLogProbs)
        {
            var p = Math.Exp(log) / (renormalize ? total : 1);
            entropy -= p > 0 ? p * Math.Log(p) : 0;
        }

        return 1 - (entropy / Math.Log(count));
    }

    internal static double Quantile(ReadOnlySpan<double> sorted, double alpha)
    {
        if (sorted.IsEmpty)
        {
            return double.NaN;
        }

        var place = alpha * (sorted.Length - 1);
        var below = (int)place;
        var share = place - below;

        // Between −∞ and a number lies −∞, which a weighted mean would make NaN of where the weight is 0.
        return share == 0 || sorted[below] == sorted[below + 1] ? sorted[below] : sorted[below] + (share * (sorted[below + 1] - sorted[below]));
    }

    private static (double Mean, double Min) Negentropies(in TokenTrace trace, bool renormalize)
    {
        trace.Require();
        var (sum, min, count) = (0.0, double.PositiveInfinity, 0);
        for (var t = 0; t < trace.LogProbs.Length && trace.Alternatives >= 2; t++)
        {
            var negentropy = trace.Counts(t)
                ? Negentropy(trace.TopLogProbs.Slice(t * trace.Alternatives, trace.Alternatives), renormalize)
                : double.NaN;
            if (!double.IsNaN(negentropy))
            {
                sum += negentropy;
                min = Math.Min(min, negentropy);
                count++;
            }
        }

        return count == 0 ? (double.NaN, double.NaN) : (sum / count, min);
    }

    private static double Sum(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }
}
