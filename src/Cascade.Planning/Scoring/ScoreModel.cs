using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Cascade.Planning.Scoring;

/// <summary>
/// Condenses what is known of an answer after its model ran (confidence signals, lengths, agreement) into one score. Policies see the score
/// alone, so that strategies which differ only in their evidence share their optimiser. Data: a plan document holds it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$kind")]
[JsonDerivedType(typeof(SignalScore), "signal")]
[JsonDerivedType(typeof(CalibratedScore), "calibrated")]
[JsonDerivedType(typeof(LogisticScore), "logistic")]
[JsonDerivedType(typeof(TransformedScore), "transformed")]
[JsonDerivedType(typeof(BenefitScore), "benefit")]
[JsonDerivedType(typeof(ClassScore), "class")]
public abstract record ScoreModel
{
    /// <summary>The names of the signals it reads, in the order <see cref="Apply"/> takes them.</summary>
    public abstract ImmutableArray<string> Inputs { get; }

    /// <summary>Scores an answer.</summary>
    /// <param name="signals">One value per input; NaN when the answer has none.</param>
    /// <returns>The score, usually P(answer is right), 0 to 1; NaN when the signals say nothing.</returns>
    public abstract double Apply(ReadOnlySpan<double> signals);
}
