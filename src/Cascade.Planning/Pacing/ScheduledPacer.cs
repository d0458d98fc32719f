namespace Cascade.Planning.Pacing;

/// <summary>
/// Reads the price off a schedule for the plan of the moment, and corrects the plan for what the schedule does not know. Pure and thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// I ← clip(I + η/√N / (1 + in flight/√N) · Σ(c/ρ_t − 1), ±ln 3)
/// λ = clip(λ*(ρ_t · exp(−I)), 0, λ_max)
/// </code>
/// <para>
/// Dual mirror descent integrates in prices, whose size differs by orders of magnitude between a tight and a loose budget. This integrates in
/// dollars: whatever the budget, exp(I) estimates by which factor decisions cost more than the schedule says, and one step size fits all.
/// </para>
/// </remarks>
public sealed class ScheduledPacer : IPacer
{
    private static readonly double MostCorrection = Math.Log(3);

    private readonly PacerParameters _parameters;
    private readonly PriceSchedule _schedule;
    private readonly double _rootRequests;

    /// <summary>Creates a pacer.</summary>
    /// <param name="parameters">What to pace to. The geometry is not used; <see cref="PacerParameters.MaxPrice"/> should reach the schedule's highest useful price.</param>
    /// <param name="schedule">λ*(ρ).</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message names every such parameter and its range.</exception>
    public ScheduledPacer(PacerParameters parameters, PriceSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(schedule);
        parameters.Require();
        _parameters = parameters with { Geometry = PacerGeometry.Euclidean };
        _schedule = schedule;
        _rootRequests = Math.Sqrt(parameters.ExpectedRequests);
    }

    /// <inheritdoc/>
    public double MaxPrice => _parameters.HighestPrice;

    /// <summary>Starts at the schedule's price of the plan.</summary>
    /// <param name="price">Not used: the schedule knows.</param>
    /// <returns>The state to update from.</returns>
    public PacerState Start(double price = 0) => At(0, _parameters.PlanUsd);

    /// <inheritdoc/>
    public PacerState Update(PacerState state, in PacingReport report)
    {
        report.Require();
        if (report.RemainingBudgetUsd <= 0)
        {
            return state with { Price = MaxPrice };
        }

        var plan = _parameters.Resolve(report.RemainingBudgetUsd, report.ExpectedRemainingRequests);
        var step = _parameters.StepSize / _rootRequests / (1 + (report.InFlight / _rootRequests));
        var integral = state.Integral + (step * ((report.SpendUsd / plan) - report.Requests));
        return At(Math.Clamp(double.IsNaN(integral) ? 0 : integral, -MostCorrection, MostCorrection), plan);
    }

    private PacerState At(double integral, double planUsd) =>
        new(_parameters.Clamp(_schedule.PriceAt(planUsd * Math.Exp(-integral)))) { Integral = integral };
}
