namespace Cascade.Grains.Endpoints;

/// <summary>
/// The dual price of an endpoint's capacity, in quality per token: rises while more than the target is wanted, falls while less is, so that
/// requests that gain little elsewhere leave before anybody is refused. Pure.
/// </summary>
internal sealed class CongestionPrice(long expectedTokens)
{
    private const double Target = 0.8;

    // A call's worth of quality is 1 at most, so a price of 1 per call turns everybody away who has a choice.
    private const double MostPerCall = 1;
    private const double StepPerSecond = 0.1;
    private const double MostOverload = 3;
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    private DateTimeOffset _at;
    private double _perCall;

    /// <summary>Quality per token, at least 0.</summary>
    public double Current => _perCall / Math.Max(1, expectedTokens);

    /// <summary>Moves the price.</summary>
    /// <param name="utilisation">What is wanted over what there is.</param>
    /// <param name="now">The time.</param>
    public void Move(double utilisation, DateTimeOffset now)
    {
        var elapsed = _at == default ? TimeSpan.Zero : now - _at;
        _at = now;
        var step = StepPerSecond * Math.Clamp(elapsed.TotalSeconds, 0, LongestStep.TotalSeconds);
        _perCall = Math.Clamp(_perCall + (step * (Math.Min(utilisation, MostOverload) - Target)), 0, MostPerCall);
    }
}
