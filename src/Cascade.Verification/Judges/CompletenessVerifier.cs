using System.Collections.Immutable;

namespace Cascade.Verification;

/// <summary>
/// Finds answers that are not whole: empty, cut off, filtered, or asked to be JSON and left open. It scores 0 when it finds something and has
/// no opinion otherwise: a whole answer can still be wrong. Of a draft that calls tools it sees only whether it was cut off or filtered.
/// </summary>
public sealed class CompletenessVerifier : IVerifier, IPrefixVerifier
{
    private readonly bool _checkRefusals;
    private readonly bool _checkRepetition;
    private readonly VerifierLimits _limits;

    /// <summary>Creates the judge.</summary>
    /// <param name="checkRefusals">Whether an answer that opens with a phrase of <see cref="RefusalPhrases"/> counts as unfit.</param>
    /// <param name="limits">Sizes; the defaults when null.</param>
    public CompletenessVerifier(bool checkRefusals = false, VerifierLimits? limits = null)
        : this(checkRefusals, checkRepetition: false, limits)
    {
    }

    /// <summary>Creates the judge.</summary>
    /// <param name="checkRefusals">Whether an answer that opens with a phrase of <see cref="RefusalPhrases"/> counts as unfit.</param>
    /// <param name="checkRepetition">Whether an answer that repeats one block of at most 64 characters for 512 characters counts as unfit.</param>
    /// <param name="limits">Sizes; the defaults when null.</param>
    public CompletenessVerifier(bool checkRefusals, bool checkRepetition, VerifierLimits? limits)
    {
        _checkRefusals = checkRefusals;
        _checkRepetition = checkRepetition;
        _limits = limits ?? new VerifierLimits();
    }

    /// <summary>The phrases of refusal that are looked for, at the very start of an answer only and in English.</summary>
    public static ImmutableArray<string> RefusalPhrases { get; } =
    [
        "I cannot", "I can't", "I can not", "I'm sorry, but", "I am sorry, but", "Sorry, but I", "I'm unable to", "I am unable to",
        "I won't", "I will not", "As an AI",
    ];

    /// <inheritdoc />
    public string Name => VerifierKinds.Completeness;

    /// <inheritdoc />
    public ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var evidence = Find(draft).ToImmutableArray();
        return ValueTask.FromResult(new Verdict
        {
            Verifier = Name,
            Score = evidence.IsEmpty ? double.NaN : 0,
            Evidence = evidence,
        });
    }

    /// <inheritdoc />
    public IPrefixCheck? Begin(PrefixContext context)
    {
        List<IPrefixCheck> checks = [];
        if (_checkRefusals)
        {
            checks.Add(new RefusalPrefix());
        }

        if (_checkRepetition)
        {
            checks.Add(new RepetitionPrefix());
        }

        return AnyPrefix.Of(checks);
    }

    private IEnumerable<string> Find(Draft draft)
    {
        if (draft.FinishReason == "content_filter")
        {
            yield return EvidenceCodes.ContentFiltered;
        }

        if (draft.FinishReason == "length")
        {
            yield return EvidenceCodes.CutOff;
        }

        if (draft.CallsTools)
        {
            yield break;
        }

        if (draft.Refused)
        {
            yield return EvidenceCodes.Refusal;
            yield break;
        }

        if (string.IsNullOrWhiteSpace(draft.Answer))
        {
            yield return EvidenceCodes.Empty;
            yield break;
        }

        if (_checkRefusals && IsRefusal(draft.Answer))
        {
            yield return EvidenceCodes.Refusal;
        }

        if (_checkRepetition && RepetitionPrefix.Contains(draft.Answer))
        {
            yield return EvidenceCodes.Repetitive;
        }

        var wantsJson = draft.WantsJson || draft.SchemaJson is not null;
        if (wantsJson && draft.Answer.Length <= _limits.MaxAnswerChars && !JsonBalance.IsClosed(draft.Answer))
        {
            yield return EvidenceCodes.JsonUnbalanced;
        }
    }

    internal static bool IsRefusal(string answer)
    {
        var start = answer.AsSpan().TrimStart();
        foreach (var phrase in RefusalPhrases)
        {
            // Models write either apostrophe.
            if (start.StartsWith(phrase, StringComparison.OrdinalIgnoreCase)
                || start.StartsWith(phrase.Replace('\'', '\u2019'), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
