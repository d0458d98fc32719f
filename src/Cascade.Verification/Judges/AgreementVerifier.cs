namespace Cascade.Verification;

/// <summary>
/// Asks a second model the same question and compares the final answers: 1 when they are the same, 0 when they differ. No opinion when either
/// answer has no final answer to compare, or the second model could not be asked.
/// </summary>
public sealed class AgreementVerifier : IVerifier, IPaidVerifier
{
    private readonly string _endpoint;
    private readonly VerifierLimits _limits;

    /// <summary>Creates the judge.</summary>
    /// <param name="endpoint">The endpoint that gives the second answer.</param>
    /// <param name="limits">Sizes; the defaults when null.</param>
    public AgreementVerifier(string endpoint, VerifierLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpoint);
        _endpoint = endpoint;
        _limits = limits ?? new VerifierLimits();
    }

    /// <inheritdoc />
    public string Name => VerifierKinds.Agreement;

    bool IPaidVerifier.Costs => true;

    /// <inheritdoc />
    public async ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        if (draft.CallsTools)
        {
            return Verdicts.Of(Name, double.NaN);
        }

        var own = AnswerExtraction.Extract(draft.Answer, _limits.MaxAnswerChars);
        if (!own.Found)
        {
            // Asking would cost money and could not change the verdict: there is nothing to compare with.
            return Verdicts.Of(Name, double.NaN, EvidenceCodes.NoFinalAnswer);
        }

        var opinion = await draft.SecondOpinion.AskAsync(_endpoint, cancellationToken);
        if (!opinion.Available)
        {
            return Verdicts.Of(Name, double.NaN, EvidenceCodes.SecondOpinionUnavailable(opinion.Problem)) with { CostNanos = opinion.CostNanos };
        }

        var other = AnswerExtraction.Extract(opinion.Answer, _limits.MaxAnswerChars);
        var verdict = other.Found switch
        {
            false => Verdicts.Of(Name, double.NaN, EvidenceCodes.SecondOpinionWithoutAnswer),
            true when AnswerExtraction.AreSame(own.Text, other.Text) => Verdicts.Of(Name, 1),
            true => Verdicts.Of(Name, 0, EvidenceCodes.AnswersDiffer),
        };
        return verdict with { CostNanos = opinion.CostNanos };
    }
}
