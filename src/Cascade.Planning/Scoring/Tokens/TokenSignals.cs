using System.Collections.Immutable;
using System.Globalization;

namespace Cascade.Planning.Scoring.Tokens;

/// <summary>The signals that an answer's token log-probabilities give, under the names that outcome tables know them by.</summary>
public static class TokenSignals
{
    /// <summary>Chow-Sum.</summary>
    public const string Sum = "token_logprob_sum";

    /// <summary>Chow-Average.</summary>
    public const string Average = "token_logprob_mean";

    /// <summary>The least sure token's log-probability, Chow-Quantile(0).</summary>
    public const string Min = "token_logprob_q00";

    /// <summary>Mean negentropy of the likeliest tokens, renormalised.</summary>
    public const string MeanNegentropy = "token_negentropy_mean";

    /// <summary>Lowest negentropy of the likeliest tokens, renormalised.</summary>
    public const string MinNegentropy = "token_negentropy_min";

    /// <summary>Mean margin between the two likeliest tokens.</summary>
    public const string Margin = "token_margin_mean";

    /// <summary>T, the number of content tokens: no confidence, but what a learned rule corrects the others by.</summary>
    public const string Count = "token_count";

    private const string Prefix = "token_";

    /// <summary>The α of the quantiles that are kept: dense next to 0, where single doubtful tokens show.</summary>
    public static ImmutableArray<double> Quantiles { get; } = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>The name of a quantile's signal.</summary>
    /// <param name="alpha">α, 0 to 1, to two decimals.</param>
    /// <returns>For example <c>token_logprob_q05</c>.</returns>
    public static string Quantile(double alpha) =>
        string.Create(CultureInfo.InvariantCulture, $"token_logprob_q{(int)Math.Round(alpha * 100):00}");

    /// <summary>
    /// Whether a signal comes from token log-probabilities and says how sure the model is: the names above but <see cref="Count"/>, and
    /// <c>mean_log_probability</c> and <c>confidence</c>, as data sets with a single such signal name it.
    /// </summary>
    /// <param name="name">The signal's name.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsConfidence(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return (name.StartsWith(Prefix, StringComparison.Ordinal) && name != Count) || name is "mean_log_probability" or "confidence";
    }

    /// <summary>All signals of an answer.</summary>
    /// <param name="trace">Its tokens.</param>
    /// <returns>Signals by name, for an outcome's record; those that cannot be computed are left out.</returns>
    /// <exception cref="ArgumentException">The trace is not as described.</exception>
    public static ImmutableArray<KeyValuePair<string, double>> Of(in TokenTrace trace)
    {
        var signals = ImmutableArray.CreateBuilder<KeyValuePair<string, double>>();
        var content = trace.Content();
        Array.Sort(content);
        Add(signals, Sum, TokenUncertainty.ChowSum(trace));
        Add(signals, Average, TokenUncertainty.ChowAverage(trace));
        Add(signals, MeanNegentropy, TokenUncertainty.MeanNegentropy(trace, renormalize: true));
        Add(signals, MinNegentropy, TokenUncertainty.MinNegentropy(trace, renormalize: true));
        Add(signals, Margin, TokenUncertainty.Margin(trace));
        foreach (var alpha in Quantiles)
        {
            Add(signals, Quantile(alpha), TokenUncertainty.Quantile(content, alpha));
        }

        Add(signals, Count, content.Length);
        return signals.ToImmutable();
    }

    private static void Add(ImmutableArray<KeyValuePair<string, double>>.Builder signals, string name, double value)
    {
        if (!double.IsNaN(value))
        {
            signals.Add(new KeyValuePair<string, double>(name, value));
        }
    }
}
