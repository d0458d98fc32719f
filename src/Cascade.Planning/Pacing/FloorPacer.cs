namespace Cascade.Planning.Pacing;

/// <summary>
/// Paces quality instead of money: the lowest cost for a mean quality of at least a floor. The same integrator works on the quality gap, and because
/// argmax ν·q − c is argmax q − c/ν, the price it sets is λ = 1/ν. Pure and thread-safe.
/// </summary>
/// <remarks>
/// <code>
/// step = η / √N / (1 + in flight / √N) · k · (Q − û) / quality range
/// ν    = max(0, ν + step / λ_ref)        Euclidean
/// ν    = ν · exp(step)                   entropic
/// </code>
/// <para>
/// Reports without a measured quality change nothing: it is as slow as audits are rare, and should start from a price that is known. ν stays above
/// 0, at the reciprocal of <see cref="MaxPrice"/>, where it stands for "only the cheapest".
/// </para>
/// </remarks>
public sealed class FloorPacer : IPacer
{
    private const double MostLogStep = 500;

    private readonly PacerParameters _parameters;
    private readonly double _floor;
    private readonly double _step;
    private readonly double _rootRequests;

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
        _rootRequests = Math.Sqrt(parameters.ExpectedRequests);
        _step = parameters.StepSize / _rootRequests / parameters.QualityRange;
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

        var step = _step * report.Requests / (1 + (report.InFlight / _rootRequests)) * (_floor - quality);
        var quantity = 1 / Math.Max(state.Price, 1 / double.MaxValue);
        quantity = _parameters.Geometry == PacerGeometry.Entropic
            ? Math.Max(quantity, 1 / MaxPrice) * Math.Exp(Math.Clamp(step, -MostLogStep, MostLogStep))
            : quantity + (step / _parameters.ReferencePrice);
        return Start(quantity > 0 ? 1 / quantity : MaxPrice);
    }
}
