namespace Cascade.Verification;

/// <summary>
/// Recomputes every equation of the answer exactly. Free and deterministic, and a weak judge: most wrong answers contain no wrong equation.
/// </summary>
/// <remarks>
/// The score is a step function of the equations found and wrong: 0 when any is wrong, 0.5 when all hold but the final number is a result of
/// none and stands neither in the question nor elsewhere in the answer, 1 otherwise, no opinion when there are none. It does not grade by the
/// share of wrong ones: one wrong step among ten makes the answer about as wrong as one among two (docs/verification.md).
/// </remarks>
public sealed class ArithmeticVerifier : IVerifier
{
    private const int MaxNumbers = 2_000;
    private const double UnsupportedScore = 0.5;

    private readonly VerifierLimits _limits;

    /// <summary>Creates the judge.</summary>
    /// <param name="limits">Sizes; the defaults when null.</param>
    public ArithmeticVerifier(VerifierLimits? limits = null) => _limits = limits ?? new VerifierLimits();

    /// <inheritdoc />
    public string Name => VerifierKinds.Arithmetic;

    /// <inheritdoc />
    public ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return ValueTask.FromResult(Judge(draft));
    }

    private Verdict Judge(Draft draft)
    {
        if (draft.CallsTools)
        {
            return Verdicts.Of(Name, double.NaN);
        }

        if (draft.Answer.Length > _limits.MaxAnswerChars)
        {
            return Verdicts.Of(Name, double.NaN, EvidenceCodes.TooLarge);
        }

        var findings = EquationReader.Read(draft.Answer, _limits.MaxEquations);
        if (findings.Found == 0)
        {
            return Verdicts.Of(Name, double.NaN, EvidenceCodes.NoEquations);
        }

        var supported = IsSupported(draft, findings);
        return (findings.Wrong > 0, supported) switch
        {
            (false, true) => Verdicts.Of(Name, 1),
            (true, true) => Verdicts.Of(Name, 0, EvidenceCodes.EquationWrong),
            (false, false) => Verdicts.Of(Name, UnsupportedScore, EvidenceCodes.FinalNumberUnsupported),
            (true, false) => Verdicts.Of(Name, 0, EvidenceCodes.EquationWrong, EvidenceCodes.FinalNumberUnsupported),
        };
    }

    private static bool IsSupported(Draft draft, EquationFindings findings)
    {
        var final = AnswerExtraction.Extract(draft.Answer);
        if (!final.IsNumber)
        {
            return true;
        }

        return findings.Results.Any(r => AnswerExtraction.AreSame(r.ToCanonical(), final.Text))
            || AnswerNormalizer.CountOf(draft.Answer, final.Text, MaxNumbers) > 1
            || AnswerNormalizer.CountOf(draft.Question, final.Text, MaxNumbers) > 0;
    }
}
