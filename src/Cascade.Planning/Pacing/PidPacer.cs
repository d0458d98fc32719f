namespace Cascade.Planning.Pacing;

/// <summary>
/// A PID controller on the logarithm of the price, as used for pacing advertising budgets; the smoothed gap makes it a convolutional mirror descent
/// (Balseiro et al., arXiv 2202.06152). Pure and thread-safe.
/// </summary>
/// <remarks>
/// <para>With the plan ρ_t of <see cref="DualPacer"/>, a report of k requests with mean cost c, and a the smoothing 1 − (1 − 1/n)^k:</para>
/// <code>
/// e   ← e + a · (c/ρ_t − 1 − e)
/// I   ← clip(I + k·e/√N, ±limit)        held while the price is at an end of its range and e pushes further out
/// lnλ ← lnλ + (k·(K_p·e + K_i·I) + K_d·Δe) / √N
/// </code>
/// </remarks>
public sealed class PidPacer : IPacer
{
    private readonly PacerParameters _parameters;
    private readonly PidGains _gains;
    private readonly double _rootRequests;

    /// <summary>Creates a pacer.</summary>
    /// <param name="parameters">What to pace to. The geometry is always entropic, and the step size is in the gains.</param>
    /// <param name="gains">The weights.</param>
    /// <exception cref="ArgumentException">A parameter or gain is out of its range; the message names every such one of its record.</exception>
    public PidPacer(PacerParameters parameters, PidGains gains)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(gains);
        parameters.Require();
        gains.Require();
        _parameters = parameters with { Geometry = PacerGeometry.Entropic };
        _gains = gains;
        _rootRequests = Math.Sqrt(parameters.ExpectedRequests);
    }

    /// <inheritdoc/>
    public double MaxPrice => _parameters.HighestPrice;

    /// <inheritdoc/>
    public PacerState Start(double price) => new(_parameters.Clamp(price));

    /// <inheritdoc/>
    public PacerState Update(PacerState state, in PacingReport report)
    {
        report.Require();
        if (report.RemainingBudgetUsd <= 0)
        {
            return state with { Price = MaxPrice };
        }

        if (report.Requests == 0)
        {
            return state with { Price = _parameters.Clamp(state.Price) };
        }

        var plan = _parameters.Resolve(report.RemainingBudgetUsd, report.ExpectedRemainingRequests);
        var kept = Math.Pow(1 - (1 / _gains.SmoothingRequests), report.Requests);
        var gap = (kept * state.Gap) + ((1 - kept) * ((report.SpendUsd / report.Requests / plan) - 1));
        var sum = Math.Clamp(state.Integral + (report.Requests * gap / _rootRequests), -_gains.IntegralLimit, _gains.IntegralLimit);
        var push = (report.Requests * ((_gains.Proportional * gap) + (_gains.Integral * sum))) + (_gains.Derivative * (gap - state.Gap));
        var price = _parameters.Move(state.Price, push / _rootRequests / (1 + (report.InFlight / _rootRequests)));
        var isStuck = (price >= MaxPrice && gap > 0) || (price <= _parameters.LowestPrice && gap < 0);
        return new PacerState(price) { Gap = gap, Integral = isStuck ? state.Integral : sum };
    }
}
