namespace Cascade.Planning.Pacing;

/// <summary>What the price of an account's money is paced to. Immutable; validated when a <see cref="DualPacer"/> is created.</summary>
public sealed record PacerParameters
{
    /// <summary>The smallest plan that can be paced, in dollars per request: a thousandth of a nano-dollar.</summary>
    public const double MinPlanUsd = 1e-12;

    /// <summary>The window's budget in dollars, above 0.</summary>
    public required double BudgetUsd { get; init; }

    /// <summary>Requests expected in the whole window, at least 1.</summary>
    public required double ExpectedRequests { get; init; }

    /// <summary>The range of quality that a decision can gain, above 0 to 1: the 90th percentile of the benefit, 1 when it is not known.</summary>
    public double QualityRange { get; init; } = 1;

    /// <summary>The dimensionless step, above 0 to 1. The default is 0.2; 0.05 is better when the price starts from an offline fit that is trusted.</summary>
    public double StepSize { get; init; } = 0.2;

    /// <summary>The highest price, in quality per dollar, above 0; when not set, <see cref="QualityRange"/> over the plan, above which no call is worth its plan.</summary>
    public double? MaxPrice { get; init; }

    /// <summary>The planned spend per request, in dollars: ρ = budget / expected requests.</summary>
    public double PlanUsd => BudgetUsd / ExpectedRequests;

    /// <summary>The price that scales the step, in quality per dollar: quality range / ρ.</summary>
    public double ReferencePrice => QualityRange / PlanUsd;
}
