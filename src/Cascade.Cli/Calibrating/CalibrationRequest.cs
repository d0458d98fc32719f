namespace Cascade.Cli.Calibrating;

/// <summary>What is to be guaranteed, as the command line says it.</summary>
/// <param name="Risk">α: the regret of keeping drafts to stay within; null for no guarantee.</param>
/// <param name="Delta">δ: the probability with which a guarantee may fail.</param>
/// <param name="Reference">The model that drafts are compared with; null for the best on the rows to fit on.</param>
internal sealed record CalibrationRequest(double? Risk, double Delta, string? Reference);
