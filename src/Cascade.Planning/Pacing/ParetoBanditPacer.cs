namespace Cascade.Planning.Pacing;

/// <summary>
/// The pacer of ParetoBandit (arXiv 2604.00136) exactly as published, as a baseline: <c>c̄ ← 0.95 c̄ + 0.05 c</c> from c̄ = B, and
/// <c>λ ← clip(λ + 0.05 (c̄/B − 1), 0, 5)</c>. Pure and thread-safe.
/// </summary>
/// <remarks>
/// Its λ weighs a logarithmic cost and is not a price per dollar: use it with <see cref="ParetoBanditRule"/>. It does not look at what is left of
/// the budget, so money that was not spent stays unspent.
/// </remarks>
public sealed class ParetoBanditPacer : IPacer
{
    private const double Memory = 0.95;
    private const double Step = 0.05;
    private const double Highest = 5;

    // After this many requests of one cost, 0.95^k is below a double's precision.
    private const long Settling = 800;

    private readonly double _planUsd;

    /// <summary>Creates a pacer.</summary>
    /// <param name="planUsd">B, the budget in dollars per request, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The plan is not above 0.</exception>
    public ParetoBanditPacer(double planUsd)
    {
        if (!double.IsFinite(planUsd) || planUsd < PacerParameters.MinPlanUsd)
        {
            throw new ArgumentOutOfRangeException(nameof(planUsd), planUsd, "the budget per request must be above 0 dollars");
        }

        _planUsd = planUsd;
    }

    /// <summary>The highest λ, 5.</summary>
    public double MaxPrice => Highest;

    /// <inheritdoc/>
    public PacerState Start(double price) => new(Clip(price)) { MeanCostUsd = _planUsd };

    /// <inheritdoc/>
    public PacerState Update(PacerState state, in PacingReport report)
    {
        report.Require();
        if (report.Requests == 0)
        {
            return state;
        }

        var cost = report.SpendUsd / report.Requests;
        var (price, mean) = (state.Price, state.MeanCostUsd);
        for (long i = 0; i < Math.Min(report.Requests, Settling); i++)
        {
            mean = (Memory * mean) + ((1 - Memory) * cost);
            price = Clip(price + (Step * ((mean / _planUsd) - 1)));
        }

        var rest = Math.Max(0, report.Requests - Settling);
        return new PacerState(Clip(price + (rest * Step * ((mean / _planUsd) - 1)))) { MeanCostUsd = mean };
    }

    private static double Clip(double price) => double.IsNaN(price) ? 0 : Math.Clamp(price, 0, Highest);
}
