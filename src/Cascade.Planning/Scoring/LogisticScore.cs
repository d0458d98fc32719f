using System.Collections.Immutable;
using Cascade.Planning.Calibration;

namespace Cascade.Planning.Scoring;

/// <summary>
/// P(answer is right) by logistic regression on several signals: σ(b + Σ w·(x − centre)/scale). A value outside the range that was seen when it
/// was fitted counts as the end of the range, a missing one as the centre.
/// </summary>
public sealed record LogisticScore : ScoreModel
{
    /// <summary>The signals and their weights.</summary>
    public required ImmutableArray<LogisticTerm> Terms { get; init; }

    /// <summary>b: the log odds where every signal is at its centre.</summary>
    public required double Intercept { get; init; }

    /// <inheritdoc />
    public override ImmutableArray<string> Inputs => [.. Terms.Select(t => t.Signal)];

    /// <inheritdoc />
    public override double Apply(ReadOnlySpan<double> signals)
    {
        var (z, known) = (Intercept, Terms.IsEmpty);
        for (var i = 0; i < Terms.Length; i++)
        {
            if (!double.IsNaN(signals[i]))
            {
                z += Terms[i].Weight * Terms[i].Standardise(signals[i]);
                known = true;
            }
        }

        return known ? LogisticRegression.Sigmoid(z) : double.NaN;
    }
}

/// <summary>A signal of a <see cref="LogisticScore"/>.</summary>
public sealed record LogisticTerm
{
    /// <summary>The signal's name.</summary>
    public required string Signal { get; init; }

    /// <summary>w: the change of the log odds per scale.</summary>
    public required double Weight { get; init; }

    /// <summary>The mean of the signal where it was fitted.</summary>
    public required double Centre { get; init; }

    /// <summary>The standard deviation of the signal where it was fitted, above 0.</summary>
    public required double Scale { get; init; }

    /// <summary>The lowest finite value where it was fitted.</summary>
    public required double Lowest { get; init; }

    /// <summary>The highest finite value where it was fitted, above the lowest.</summary>
    public required double Highest { get; init; }

    internal double Standardise(double signal) => (Math.Clamp(signal, Lowest, Highest) - Centre) / Scale;
}
