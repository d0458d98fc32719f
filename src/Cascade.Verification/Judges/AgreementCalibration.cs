using System.Collections.Immutable;
using Cascade.Planning.Calibration;

namespace Cascade.Verification;

/// <summary>A calibration of <see cref="AgreementVerifier"/> to start from until an account has measured its own.</summary>
public static class AgreementCalibration
{
    /// <summary>The share of right drafts among those that disagreed (score 0) and agreed (score 1) with the second model.</summary>
    public static ImmutableArray<CalibrationPoint> Recorded { get; } = [new(0, 0.5), new(1, 0.5)];
}
