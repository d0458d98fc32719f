namespace Cascade.Planning.Pacing;

/// <summary>
/// Dual mirror descent that follows a spend plan instead of an even one (Balseiro et al., arXiv 2302.02006): ρ_t is what the plan gives the present
/// slot, solved anew from what is left. Pure and thread-safe.
/// </summary>
/// <remarks>
/// Mirror descent alone tends to an even spend; where the worth of requests changes over the window in a known way, only a forecast recovers the
/// difference. ρ_t stays within a tenth and three times the plan's own ρ of the slot.
/// </remarks>
public sealed class PlanPacer : IPacer
{
    private readonly PacerParameters _parameters;
    private readonly SpendPlan _plan;
    private readonly DualPacer _dual;

    /// <summary>Creates a pacer.</summary>
    /// <param name="parameters">What to pace to.</param>
    /// <param name="plan">How the budget is spread over the window.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message names every such parameter and its range.</exception>
    public PlanPacer(PacerParameters parameters, SpendPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _dual = new DualPacer(parameters);
        _parameters = parameters;
        _plan = plan;
    }

    /// <inheritdoc/>
    public double MaxPrice => _dual.MaxPrice;

    /// <inheritdoc/>
    public PacerState Start(double price) => _dual.Start(price);

    /// <inheritdoc/>
    public PacerState Update(PacerState state, in PacingReport report)
    {
        report.Require();
        return report.RemainingBudgetUsd <= 0
            ? new PacerState(MaxPrice)
            : new PacerState(_dual.Step(state.Price, report, Plan(report.RemainingBudgetUsd, report.WindowShare)));
    }

    /// <summary>The spend per request of the present slot.</summary>
    /// <param name="remainingBudgetUsd">What is left, in dollars.</param>
    /// <param name="windowShare">How much of the window has passed, 0 to 1.</param>
    /// <returns>ρ_t in dollars per request, above 0.</returns>
    public double Plan(double remainingBudgetUsd, double windowShare)
    {
        var spentOnPlan = _plan.SpentShare(windowShare);
        var own = Math.Max(PacerParameters.MinPlanUsd, _plan.PlanUsd(_parameters.BudgetUsd * (1 - spentOnPlan), windowShare));
        return _parameters.ResolvesPlan
            ? Math.Clamp(_plan.PlanUsd(Math.Max(0, remainingBudgetUsd), windowShare), own / 10, own * 3)
            : own;
    }
}
