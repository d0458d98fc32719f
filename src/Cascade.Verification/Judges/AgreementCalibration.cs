using System.Collections.Immutable;
using Cascade.Planning.Calibration;

namespace Cascade.Verification;

/// <summary>A calibration of <see cref="AgreementVerifier"/> to start from until an account has measured its own.</summary>
public static class AgreementCalibration
{
    /// <summary>The share of right drafts among those that disagreed (score 0) and agreed (score 1) with the second model.</summary>
    /// <remarks>
    /// Measured on grade-school arithmetic (ZeroEval, GSM8K test), three pairs of models, on the half of the questions whose id hashes to 0
    /// (FNV-1a, bit 16); the other half gives 0.363 [0.320, 0.407] and 0.965 [0.953, 0.973]. Other tasks and models have other shares.
    /// </remarks>
    public static ImmutableArray<CalibrationPoint> Recorded { get; } = [new(0, 0.342), new(1, 0.972)];
}
