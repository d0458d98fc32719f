namespace Cascade.Planning.Pacing;

/// <summary>
/// Dual mirror descent (Balseiro, Lu and Mirrokni, arXiv 2011.10124), Euclidean or entropic, with a fixed plan or one that is solved anew from
/// what is left. Pure and thread-safe.
/// </summary>
/// <remarks>
/// <para>With ρ = budget / expected requests, λ_ref = quality range / ρ, N expected requests, η the step size, and per settled request of cost c:</para>
/// <code>
/// ρ_t  = clip(remaining budget / expected remaining requests, 0.1 ρ, 3 ρ)      or ρ
/// z    = 1 − c / ρ_t
/// step = η / √N / (1 + in flight / √N) · z
/// λ    = clip(λ − λ_ref · step, 0, λ_max)                                      Euclidean
/// λ    = clip(λ · exp(−step), 1e-6 · λ_ref, λ_max)                             entropic
/// </code>
/// <para>
/// The gap z is not clipped: on the overspend side it can be large, and cutting it would bias the price towards overspending. The upper clip
/// of ρ_t keeps money that is left over near the window's end from being thrown at it. While the price is not clipped and the plan is fixed, spend
/// is the plan plus ρ·√N/(η·λ_ref) for every unit by which the price rose (Euclidean): the overspend is bounded whatever the traffic.
/// </para>
/// </remarks>
public sealed class DualPacer : IPacer
{
    private readonly PacerParameters _parameters;
    private readonly double _rootRequests;

    /// <summary>Creates a pacer.</summary>
    /// <param name="parameters">What to pace to.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message names every such parameter and its range.</exception>
    public DualPacer(PacerParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.Require();
        _parameters = parameters;
        _rootRequests = Math.Sqrt(parameters.ExpectedRequests);
    }

    /// <summary>The highest price this pacer sets, in quality per dollar.</summary>
    public double MaxPrice => _parameters.HighestPrice;

    /// <summary>Starts from a price that is known, for example from an offline fit or from the window before.</summary>
    /// <param name="price">The price in quality per dollar; NaN or below the lowest starts cold at the lowest, above the maximum starts at the maximum.</param>
    /// <returns>The state to update from.</returns>
    public PacerState Start(double price = 0) => new(_parameters.Clamp(price));

    /// <summary>Takes in settled requests.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="report">What was settled and what is left.</param>
    /// <returns>The state after; its price is never NaN, below 0 or above <see cref="MaxPrice"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count or the spend is negative, or an amount is not a number.</exception>
    public PacerState Update(PacerState state, in PacingReport report)
    {
        report.Require();
        if (report.RemainingBudgetUsd <= 0)
        {
            return new PacerState(MaxPrice);
        }

        return new PacerState(Step(state.Price, report, Plan(report.RemainingBudgetUsd, report.ExpectedRemainingRequests)));
    }

    /// <summary>The spend per request that would use up what is left, kept within a tenth and three times the plan.</summary>
    /// <param name="remainingBudgetUsd">What is left, in dollars.</param>
    /// <param name="expectedRemainingRequests">Requests still expected; below 1 counts as 1.</param>
    /// <returns>ρ_t in dollars per request, above 0; ρ when the plan is fixed.</returns>
    public double Plan(double remainingBudgetUsd, double expectedRemainingRequests) =>
        _parameters.Resolve(remainingBudgetUsd, expectedRemainingRequests);

    internal double Step(double price, in PacingReport report, double planUsd)
    {
        var gaps = report.Requests - (report.SpendUsd / planUsd);
        var step = _parameters.StepSize / _rootRequests / (1 + (report.InFlight / _rootRequests));
        return _parameters.Move(price, -step * gaps);
    }
}
