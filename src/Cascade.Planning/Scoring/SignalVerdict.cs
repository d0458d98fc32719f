namespace Cascade.Planning.Scoring;

/// <summary>What became of a signal.</summary>
public enum SignalVerdict
{
    /// <summary>Not looked at.</summary>
    None = 0,

    /// <summary>It is the score.</summary>
    Used = 1,

    /// <summary>It ranks answers, but another signal does it better or as well and comes first.</summary>
    NotTheBest = 2,

    /// <summary>It ranks right answers below wrong ones on the rows of the fit. It is left out and not turned round: that would trust an accident.</summary>
    WorseThanChance = 3,

    /// <summary>It has the same value on every row.</summary>
    Constant = 4,

    /// <summary>The model's answers do not have it.</summary>
    Missing = 5,
}

/// <summary>A signal that was tried as a model's score.</summary>
/// <param name="Signal">Its name.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Rows">Rows on which the answer had it.</param>
/// <param name="Auroc">P(a right answer has more of it than a wrong one), 0 to 1; NaN when all answers are right or all are wrong.</param>
/// <param name="BenefitAuroc">
/// P(an answer that a better model improves has less of it than one that no better model improves), mean over the better models; NaN without one.
/// </param>
public sealed record SignalTrial(string Signal, SignalVerdict Verdict, int Rows, double Auroc, double BenefitAuroc);
