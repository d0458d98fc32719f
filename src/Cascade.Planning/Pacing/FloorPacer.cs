namespace Cascade.Planning.Pacing;

/// <summary>
/// Paces quality instead of money: the lowest cost for a mean quality of at least a floor. The same integrator works on the quality gap,
/// <c>ν ← max(0, ν + η/√N · ν_ref · (Q − û)/range)</c>, and because argmax ν·q − c is argmax q − c/ν, the price it sets is λ = 1/ν. Pure and
/// thread-safe.
/// </summary>
/// <remarks>
/// Reports without a measured quality change nothing: it is as slow as audits are rare. ν_ref is the reciprocal of
/// <see cref="PacerParameters.ReferencePrice"/>; ν stays at or above the reciprocal of <see cref="MaxPrice"/>, where it stands for "only the cheapest".
/// </remarks>
public sealed class FloorPacer : IPacer
{
    private readonly PacerParameters _parameters;
    private readonly double _floor;
    private readonly double _step;

    /// <summary>Creates a pacer.</summary>
    /// <param name="parameters">The budget and the expected requests set the scale of the price; the budget itself is not paced.</param>
    /// <param name="floor">Q, the mean quality to reach, 0 to 1.</param>
    /// <exception cref="ArgumentException">A parameter is out of its range; the message names every such parameter and its range.</exception>
    public FloorPacer(PacerParameters parameters, double floor)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.Require();
        if (floor is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(floor), floor, "the quality to reach is from 0 to 1");
        }

        _parameters = parameters;
        _floor = floor;
        _step = parameters.StepSize / Math.Sqrt(parameters.ExpectedRequests) / parameters.QualityRange;
    }

    /// <inheritdoc/>
    public double MaxPrice => _parameters.HighestPrice / PacerParameters.LowestPriceShare;

    /// <inheritdoc/>
    public PacerState Start(double price) => new(double.IsNaN(price) ? MaxPrice : Math.Clamp(price, 0, MaxPrice));

    /// <inheritdoc/>
    public PacerState Update(PacerState state, in PacingReport report)
    {
        report.Require();
        if (report.MeanQuality is not { } quality || report.Requests == 0)
        {
            return Start(state.Price);
        }

        var root = Math.Sqrt(_parameters.ExpectedRequests);
        var step = _step * report.Requests / (1 + (report.InFlight / root)) / _parameters.ReferencePrice;
        var quantity = (1 / Math.Max(state.Price, 1 / double.MaxValue)) + (step * (_floor - quality));
        return Start(quantity > 0 ? 1 / quantity : MaxPrice);
    }
}
