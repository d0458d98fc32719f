namespace Cascade.Planning.Pacing;

/// <summary>What the price of an account's money is paced to. Immutable; validated when a pacer is created from it.</summary>
public sealed record PacerParameters
{
    /// <summary>The smallest plan that can be paced, in dollars per request: a thousandth of a nano-dollar.</summary>
    public const double MinPlanUsd = 1e-12;

    /// <summary>The lowest price of the entropic geometry, as a share of <see cref="ReferencePrice"/>: from 0 it could not rise.</summary>
    public const double LowestPriceShare = 1e-6;

    private const double LowestPlanShare = 0.1;
    private const double HighestPlanShare = 3;

    // Beyond it, exp leaves the range of doubles.
    private const double MostLogStep = 500;

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

    /// <summary>How a step moves the price. The default is <see cref="PacerGeometry.Euclidean"/>.</summary>
    public PacerGeometry Geometry { get; init; } = PacerGeometry.Euclidean;

    /// <summary>
    /// Whether the plan is solved anew from what is left (true, the default) or stays ρ. With a fixed plan a price that starts too high leaves
    /// money unspent for good.
    /// </summary>
    public bool ResolvesPlan { get; init; } = true;

    /// <summary>The planned spend per request, in dollars: ρ = budget / expected requests.</summary>
    public double PlanUsd => BudgetUsd / ExpectedRequests;

    /// <summary>The price that scales the step, in quality per dollar: quality range / ρ.</summary>
    public double ReferencePrice => QualityRange / PlanUsd;

    internal double HighestPrice => MaxPrice ?? ReferencePrice;

    internal double LowestPrice => Geometry == PacerGeometry.Entropic ? Math.Min(LowestPriceShare * ReferencePrice, HighestPrice) : 0;

    /// <summary>The cap on ρ_t keeps money that is left over near the window's end from being thrown at it.</summary>
    internal double Resolve(double remainingBudgetUsd, double expectedRemainingRequests) => ResolvesPlan
        ? Math.Clamp(remainingBudgetUsd / Math.Max(1, expectedRemainingRequests), LowestPlanShare * PlanUsd, HighestPlanShare * PlanUsd)
        : PlanUsd;

    internal double Clamp(double price) => double.IsNaN(price) ? LowestPrice : Math.Clamp(price, LowestPrice, HighestPrice);

    /// <summary>λ after a step in units of the geometry: a share of <see cref="ReferencePrice"/> or of the price itself.</summary>
    internal double Move(double price, double step) => Clamp(Geometry == PacerGeometry.Entropic
        ? Clamp(price) * Math.Exp(Math.Clamp(step, -MostLogStep, MostLogStep))
        : Clamp(price) + (step * ReferencePrice));

    internal void Require()
    {
        var problems = Problems().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), "parameters");
        }
    }

    private IEnumerable<string> Problems()
    {
        if (!double.IsFinite(BudgetUsd) || BudgetUsd <= 0)
        {
            yield return $"BudgetUsd {BudgetUsd} is not an amount above 0; give the window's cap in dollars";
        }

        if (!double.IsFinite(ExpectedRequests) || ExpectedRequests < 1)
        {
            yield return $"ExpectedRequests {ExpectedRequests} is below 1; give the requests expected in the window";
        }
        else if (PlanUsd < MinPlanUsd)
        {
            yield return $"BudgetUsd over ExpectedRequests is {PlanUsd} dollars; give at least {MinPlanUsd} per request";
        }

        if (QualityRange is not (> 0 and <= 1))
        {
            yield return $"QualityRange {QualityRange} is outside 0 to 1; give 1 when it is not known";
        }

        if (StepSize is not (> 0 and <= 1))
        {
            yield return $"StepSize {StepSize} is outside 0 to 1; the default is 0.2";
        }

        if (MaxPrice is { } price && (!double.IsFinite(price) || price <= 0))
        {
            yield return $"MaxPrice {price} is not above 0; leave it out to derive it from the plan";
        }

        if (!Enum.IsDefined(Geometry) || Geometry == PacerGeometry.None)
        {
            yield return $"Geometry {Geometry} is not one; give {PacerGeometry.Euclidean} or {PacerGeometry.Entropic}";
        }
    }
}
