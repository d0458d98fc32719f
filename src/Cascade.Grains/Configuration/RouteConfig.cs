using Cascade.Verification;

namespace Cascade.Grains.Configuration;

/// <summary>A cascade: which endpoints, who judges, when a draft is good enough.</summary>
public sealed class RouteConfig
{
    /// <summary>The threshold of a route that sets none.</summary>
    public const double DefaultThreshold = 0.8;

    /// <summary>How the next step is decided: <c>single-model</c>, <c>fallback-chain</c>, <c>threshold-pair</c> or <c>plan</c>.</summary>
    public string Strategy { get; set; } = "";

    /// <summary>The endpoints in the order they are to be tried.</summary>
    public List<string> Stages { get; set; } = [];

    /// <summary>The fitted plan that <c>plan</c> serves; not set otherwise.</summary>
    public PlanConfig? Plan { get; set; }

    /// <summary>Who judges drafts; not set judges nothing.</summary>
    public VerifierConfig? Verifier { get; set; }

    /// <summary>Turns the judge's score into the probability that the answer is right; none takes the score as it is.</summary>
    public List<CalibrationPointConfig> Calibration { get; set; } = [];

    /// <summary>A draft that scores at least this much is accepted, 0 to 1; not set takes <see cref="DefaultThreshold"/>.</summary>
    public double? Threshold { get; set; }

    /// <summary>The static price of money that is added to the account's shadow price, in quality per dollar.</summary>
    public double CostWeight { get; set; }
}

/// <summary>One point of a calibration.</summary>
public sealed class CalibrationPointConfig
{
    /// <summary>The judge's score, 0 to 1.</summary>
    public double Score { get; set; }

    /// <summary>The share of answers with that score that are right, 0 to 1.</summary>
    public double Probability { get; set; }
}
