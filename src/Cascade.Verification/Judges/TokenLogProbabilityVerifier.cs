using System.Collections.Immutable;

namespace Cascade.Verification;

/// <summary>
/// How sure the model itself was: the probability of its tokens, as their geometric mean or as that of the unlikeliest one. No opinion when the
/// provider gives no log-probabilities, and none on a tool call.
/// </summary>
public sealed class TokenLogProbabilityVerifier : IVerifier, ILogProbabilityReader
{
    private readonly string _signal;

    /// <summary>Creates the judge.</summary>
    /// <param name="signal">One of <see cref="Signals"/>.</param>
    public TokenLogProbabilityVerifier(string signal = Mean)
    {
        ArgumentNullException.ThrowIfNull(signal);
        _signal = Signals.Contains(signal, StringComparer.Ordinal)
            ? signal
            : throw new ArgumentException($"unknown signal '{signal}'; use one of {string.Join(", ", Signals)}", nameof(signal));
    }

    /// <summary>The geometric mean of the probabilities of all tokens.</summary>
    public const string Mean = "mean";

    /// <summary>The probability of the unlikeliest token.</summary>
    public const string Min = "min";

    /// <summary>What the probabilities can be reduced to.</summary>
    public static ImmutableArray<string> Signals { get; } = [Mean, Min];

    /// <inheritdoc />
    public string Name => VerifierKinds.TokenLogProbability;

    bool ILogProbabilityReader.ReadsLogProbabilities => true;

    /// <inheritdoc />
    public ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return ValueTask.FromResult(Verdicts.Of(Name, draft.CallsTools ? double.NaN : Score(draft.TokenLogProbabilities)));
    }

    private double Score(ImmutableArray<double> logs)
    {
        if (logs.IsDefaultOrEmpty)
        {
            return double.NaN;
        }

        // A provider that floors what it reports (-9999) or rounds above 0 must not leave the scale.
        var log = _signal == Min ? logs.Min() : logs.Average();
        return double.IsNaN(log) ? double.NaN : Math.Exp(Math.Min(0, log));
    }
}
