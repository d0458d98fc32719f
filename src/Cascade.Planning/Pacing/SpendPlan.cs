using System.Collections.Immutable;

namespace Cascade.Planning.Pacing;

/// <summary>
/// How a window's budget is to be spread over its slots, for example the hours of a week: slot h gets ρ_h = B·w_h / Σ w·n dollars per request,
/// where n is the number of requests it expects and w how much one of them is worth against the others. Immutable.
/// </summary>
/// <remarks>One past sample path is enough to draw such a plan from (Balseiro et al., arXiv 2302.02006).</remarks>
public sealed class SpendPlan
{
    /// <summary>The most slots a plan may have.</summary>
    public const int MostSlots = 100_000;

    private readonly double[] _requestsFrom;
    private readonly double[] _weightFrom;

    /// <summary>Creates a plan.</summary>
    /// <param name="requests">Requests expected per slot, 0 or more each and above 0 in all.</param>
    /// <param name="weights">w per slot, 0 or more each and above 0 where requests are expected at least once; of the same length.</param>
    /// <exception cref="ArgumentException">A column is wrong; the message names both.</exception>
    public SpendPlan(ReadOnlySpan<double> requests, ReadOnlySpan<double> weights)
    {
        var check = new ColumnCheck(requests.Length);
        check.Range(requests, nameof(requests), 0, ColumnCheck.LargestCost);
        check.Length(weights.Length, nameof(weights));
        check.Range(weights, nameof(weights), 0, ColumnCheck.LargestCost);
        check.Throw(nameof(requests));
        if (requests.Length > MostSlots)
        {
            throw new ArgumentException($"{requests.Length} slots are too many; give at most {MostSlots}", nameof(requests));
        }

        Weights = [.. weights];
        Requests = [.. requests];
        _requestsFrom = new double[requests.Length + 1];
        _weightFrom = new double[requests.Length + 1];
        for (var slot = requests.Length - 1; slot >= 0; slot--)
        {
            _requestsFrom[slot] = _requestsFrom[slot + 1] + requests[slot];
            _weightFrom[slot] = _weightFrom[slot + 1] + (requests[slot] * weights[slot]);
        }

        if (!(_weightFrom[0] > 0))
        {
            throw new ArgumentException("no slot expects a request that has a weight; give at least one with both above 0", nameof(weights));
        }
    }

    /// <summary>w per slot.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>Requests expected per slot.</summary>
    public ImmutableArray<double> Requests { get; }

    /// <summary>The same budget for every request, of which each slot expects as many as given.</summary>
    /// <param name="requests">Requests expected per slot.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ArgumentException">The column is wrong.</exception>
    public static SpendPlan Even(ReadOnlySpan<double> requests)
    {
        var weights = new double[requests.Length];
        Array.Fill(weights, 1);
        return new SpendPlan(requests, weights);
    }

    /// <summary>Requests still expected.</summary>
    /// <param name="windowShare">How much of the window has passed, 0 to 1; slots are of equal length.</param>
    /// <returns>The number, at least 0.</returns>
    public double RequestsFrom(double windowShare) => From(windowShare, _requestsFrom);

    /// <summary>The share of the budget that the plan has spent by then.</summary>
    /// <param name="windowShare">How much of the window has passed, 0 to 1.</param>
    /// <returns>0 to 1.</returns>
    public double SpentShare(double windowShare) => 1 - (From(windowShare, _weightFrom) / _weightFrom[0]);

    /// <summary>ρ_h solved for what is left.</summary>
    /// <param name="remainingBudgetUsd">What is left, in dollars.</param>
    /// <param name="windowShare">How much of the window has passed, 0 to 1.</param>
    /// <returns>Dollars per request, 0 or more; what is left where no later request has a weight.</returns>
    public double PlanUsd(double remainingBudgetUsd, double windowShare)
    {
        var ahead = From(windowShare, _weightFrom);
        return ahead > 0 ? remainingBudgetUsd * Weights[Slot(windowShare)] / ahead : remainingBudgetUsd;
    }

    private int Slot(double windowShare) => Math.Clamp((int)(windowShare * Weights.Length), 0, Weights.Length - 1);

    private double From(double windowShare, double[] from)
    {
        var slot = Slot(windowShare);
        var within = Math.Clamp((windowShare * Weights.Length) - slot, 0, 1);
        return from[slot] + (within * (from[slot + 1] - from[slot]));
    }
}
