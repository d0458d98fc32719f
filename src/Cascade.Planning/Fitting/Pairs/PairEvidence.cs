namespace Cascade.Planning.Fitting;

/// <summary>What the fit rows say of escalating from one model to another.</summary>
/// <param name="Pair">The models.</param>
/// <param name="BenefitAuroc">
/// The probability that a row on which escalating helps (u_H &gt; u_L) scores below one on which it does not, ties counting half; NaN when it
/// always or never helps. Near 0.5 the score does not tell which rows to escalate, however well it tells which drafts are right.
/// </param>
/// <param name="MeanBenefit">E[u_H − u_L], −1 to 1.</param>
/// <param name="Escalates">Whether thresholds of the pair are offered.</param>
public sealed record PairEvidence(ModelPair Pair, double BenefitAuroc, double MeanBenefit, bool Escalates);
