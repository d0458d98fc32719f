namespace Cascade.Planning.Pacing;

/// <summary>
/// Moves the shadow price of an account's money so that spend follows the window's budget: Euclidean dual mirror descent (Balseiro, Lu and
/// Mirrokni, arXiv 2011.10124) with the plan solved anew from what is left. Pure and thread-safe.
/// </summary>
/// <remarks>
/// <para>With ρ = budget / expected requests, λ_ref = quality range / ρ, N expected requests, η the step size, and per settled request of cost c:</para>
/// <code>
/// ρ_t = clip(remaining budget / expected remaining requests, 0.1 ρ, 3 ρ)
/// z   = 1 − c / ρ_t
/// λ   = clip(λ − η · λ_ref / √N / (1 + in flight / √N) · z, 0, λ_max)
/// </code>
/// <para>
/// The gap z is not clipped: on the overspend side it can be large, and cutting it would bias the price towards overspending. The upper clip
/// of ρ_t keeps money that is left over near the window's end from being thrown at it.
/// </para>
/// </remarks>
public sealed class DualPacer
{
    private const double LowestPlanShare = 0.1;
    private const double HighestPlanShare = 3;

    private readonly PacerParameters _parameters;
    private readonly double _step;
    private readonly double _maxPrice;
    private readonly double _rootRequests;

    /// <summary>Creates a pacer.</summary>
    /// <param name="parameters">What to pace to.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message names every such parameter and its range.</exception>
    public DualPacer(PacerParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var problems = Problems(parameters).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(parameters));
        }

        _parameters = parameters;
        _rootRequests = Math.Sqrt(parameters.ExpectedRequests);
        _step = parameters.StepSize * parameters.ReferencePrice / _rootRequests;
        _maxPrice = parameters.MaxPrice ?? parameters.ReferencePrice;
    }

    /// <summary>The highest price this pacer sets, in quality per dollar.</summary>
    public double MaxPrice => _maxPrice;

    /// <summary>Starts from a price that is known, for example from an offline fit or from the window before.</summary>
    /// <param name="price">The price in quality per dollar; NaN or below 0 starts cold at 0, above the maximum starts at the maximum.</param>
    /// <returns>The state to update from.</returns>
    public PacerState Start(double price = 0) => new(double.IsNaN(price) ? 0 : Math.Clamp(price, 0, _maxPrice));

    /// <summary>Takes in settled requests.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="report">What was settled and what is left.</param>
    /// <returns>The state after; its price is never NaN, below 0 or above <see cref="MaxPrice"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count or the spend is negative, or an amount is not a number.</exception>
    public PacerState Update(PacerState state, in PacingReport report)
    {
        Require(report);
        if (report.RemainingBudgetUsd <= 0)
        {
            return new PacerState(_maxPrice);
        }

        var plan = Plan(report.RemainingBudgetUsd, report.ExpectedRemainingRequests);
        var gaps = report.Requests - (report.SpendUsd / plan);
        var step = _step / (1 + (report.InFlight / _rootRequests));
        return Start(Start(state.Price).Price - (step * gaps));
    }

    /// <summary>The spend per request that would use up what is left, kept within a tenth and three times the plan.</summary>
    /// <param name="remainingBudgetUsd">What is left, in dollars.</param>
    /// <param name="expectedRemainingRequests">Requests still expected; below 1 counts as 1.</param>
    /// <returns>ρ_t in dollars per request, above 0.</returns>
    public double Plan(double remainingBudgetUsd, double expectedRemainingRequests) => Math.Clamp(
        remainingBudgetUsd / Math.Max(1, expectedRemainingRequests),
        LowestPlanShare * _parameters.PlanUsd,
        HighestPlanShare * _parameters.PlanUsd);

    private static void Require(in PacingReport report)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(report.Requests, nameof(report));
        ArgumentOutOfRangeException.ThrowIfNegative(report.InFlight, nameof(report));
        if (!double.IsFinite(report.SpendUsd) || report.SpendUsd < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(report), report.SpendUsd, "the spend must be 0 or more dollars");
        }

        if (double.IsNaN(report.RemainingBudgetUsd) || double.IsNaN(report.ExpectedRemainingRequests))
        {
            throw new ArgumentOutOfRangeException(nameof(report), double.NaN, "the remaining budget and requests must be numbers");
        }
    }

    private static IEnumerable<string> Problems(PacerParameters p)
    {
        if (!double.IsFinite(p.BudgetUsd) || p.BudgetUsd <= 0)
        {
            yield return $"BudgetUsd {p.BudgetUsd} is not an amount above 0; give the window's cap in dollars";
        }

        if (!double.IsFinite(p.ExpectedRequests) || p.ExpectedRequests < 1)
        {
            yield return $"ExpectedRequests {p.ExpectedRequests} is below 1; give the requests expected in the window";
        }
        else if (p.PlanUsd < PacerParameters.MinPlanUsd)
        {
            yield return $"BudgetUsd over ExpectedRequests is {p.PlanUsd} dollars; give at least {PacerParameters.MinPlanUsd} per request";
        }

        if (p.QualityRange is not (> 0 and <= 1))
        {
            yield return $"QualityRange {p.QualityRange} is outside 0 to 1; give 1 when it is not known";
        }

        if (p.StepSize is not (> 0 and <= 1))
        {
            yield return $"StepSize {p.StepSize} is outside 0 to 1; the default is 0.2";
        }

        if (p.MaxPrice is { } price && (!double.IsFinite(price) || price <= 0))
        {
            yield return $"MaxPrice {price} is not above 0; leave it out to derive it from the plan";
        }
    }
}
