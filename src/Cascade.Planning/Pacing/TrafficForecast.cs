namespace Cascade.Planning.Pacing;

/// <summary>
/// Estimates how many requests are still to come in a window, for accounts whose expected number is not configured. Pure and thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// The rate is an exponentially weighted average with memory τ: after Δ seconds with k requests, <c>requests ← requests·e^(−Δ/τ) + k</c> and
/// <c>exposure ← exposure·e^(−Δ/τ) + τ·(1 − e^(−Δ/τ))</c>; the rate is requests / exposure. Discounting both by the same factor makes the
/// estimate right from the start for steady traffic, where a plain average of rates would have to warm up from 0.
/// </para>
/// <para>The first seconds would make any rate out of one request, so the exposure counts as at least <see cref="MinExposure"/>.</para>
/// </remarks>
public sealed class TrafficForecast
{
    private readonly double _memorySeconds;
    private readonly double _minExposureSeconds;

    /// <summary>Creates a forecast.</summary>
    /// <param name="memory">τ, how far back traffic counts; above 0.</param>
    /// <param name="minExposure">The least exposure a rate is made of; above 0, at most the memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">A span is outside its range.</exception>
    public TrafficForecast(TimeSpan memory, TimeSpan minExposure)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(memory, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(minExposure, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minExposure, memory);
        _memorySeconds = memory.TotalSeconds;
        _minExposureSeconds = minExposure.TotalSeconds;
    }

    /// <summary>The default memory, one hour.</summary>
    public static TimeSpan DefaultMemory { get; } = TimeSpan.FromHours(1);

    /// <summary>The default least exposure, one minute.</summary>
    public static TimeSpan DefaultMinExposure { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The least exposure a rate is made of.</summary>
    public TimeSpan MinExposure => TimeSpan.FromSeconds(_minExposureSeconds);

    /// <summary>Takes in requests that arrived since the last observation.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="requests">How many arrived, at least 0.</param>
    /// <param name="now">The time; a time before the last observation counts as no time passed.</param>
    /// <returns>The state after.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of requests is negative.</exception>
    public TrafficState Observe(TrafficState state, long requests, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(requests);
        var since = state.At is { } at ? Math.Max(0, (now - at).TotalSeconds) : 0;
        var kept = Math.Exp(-since / _memorySeconds);
        return new TrafficState(
            (state.Requests * kept) + requests,
            (state.ExposureSeconds * kept) + (_memorySeconds * (1 - kept)),
            state.At is { } last && last > now ? last : now);
    }

    /// <summary>The estimated rate.</summary>
    /// <param name="state">What was observed.</param>
    /// <returns>Requests per second, at least 0.</returns>
    public double RatePerSecond(TrafficState state) => state.Requests / Math.Max(state.ExposureSeconds, _minExposureSeconds);

    /// <summary>The requests still to come.</summary>
    /// <param name="state">What was observed.</param>
    /// <param name="untilWindowEnds">The time left in the window; below 0 counts as 0.</param>
    /// <returns>The estimate, at least 1: a budget is never planned for no request at all.</returns>
    public double Remaining(TrafficState state, TimeSpan untilWindowEnds) =>
        Math.Max(1, RatePerSecond(state) * Math.Max(0, untilWindowEnds.TotalSeconds));
}
