namespace Cascade.Verification;

/// <summary>
/// Recomputes every equation of the answer exactly. Free and deterministic, and a weak judge: most wrong answers contain no wrong equation.
/// </summary>
/// <remarks>
/// With n equations found and w of them wrong the score is <c>(n − w) / n</c>, halved when the final number is a result of no equation and
/// stands neither in the question nor elsewhere in the answer. No opinion without equations.
/// </remarks>
public sealed class ArithmeticVerifier : IVerifier
{
    private const int MaxNumbers = 2_000;

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
        if (draft.Answer.Length > _limits.MaxAnswerChars)
        {
            return Verdicts.Of(Name, double.NaN, EvidenceCodes.TooLarge);
        }

        var findings = EquationReader.Read(draft.Answer, _limits.MaxEquations);
        if (findings.Found == 0)
        {
            return Verdicts.Of(Name, double.NaN, EvidenceCodes.NoEquations);
        }

        var share = (double)(findings.Found - findings.Wrong) / findings.Found;
        var supported = IsSupported(draft, findings);
        return (findings.Wrong > 0, supported) switch
        {
            (false, true) => Verdicts.Of(Name, 1),
            (true, true) => Verdicts.Of(Name, share, EvidenceCodes.EquationWrong),
            (false, false) => Verdicts.Of(Name, share / 2, EvidenceCodes.FinalNumberUnsupported),
            (true, false) => Verdicts.Of(Name, share / 2, EvidenceCodes.EquationWrong, EvidenceCodes.FinalNumberUnsupported),
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
