using System.Collections.Immutable;
using Cascade.Planning.Calibration;
using Cascade.Planning.Decisions;
using Cascade.Verification;

namespace Cascade.Grains.Model;

/// <summary>A cascade: which endpoints it may call, who judges, and the policy that decides.</summary>
public sealed record RouteModel
{
    /// <summary>The route's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it may call, in the order of the policy's models.</summary>
    public required ImmutableArray<StageModel> Stages { get; init; }

    /// <summary>Decides.</summary>
    public required IDecisionPolicy Policy { get; init; }

    /// <summary>The fitted plan that <see cref="Policy"/> is of; null when the policy comes from configuration alone.</summary>
    public ServedPlan? Plan { get; init; }

    /// <summary>Judges every draft but the last stage's; null when the route judges nothing.</summary>
    public required IVerifier? Verifier { get; init; }

    /// <summary>Turns a judge's score into P(answer is right); null when the score is taken as it is.</summary>
    public required ScoreCalibration? Calibration { get; init; }

    /// <summary>The static price of money that is added to the account's shadow price, in quality per dollar.</summary>
    public required double CostWeight { get; init; }
}
