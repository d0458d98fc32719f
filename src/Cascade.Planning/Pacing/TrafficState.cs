namespace Cascade.Planning.Pacing;

/// <summary>What a traffic forecast remembers.</summary>
/// <param name="Requests">Requests seen, older ones counting less.</param>
/// <param name="ExposureSeconds">Seconds watched, older ones counting less in the same proportion.</param>
/// <param name="At">When it was last updated; null before the first observation.</param>
public readonly record struct TrafficState(double Requests, double ExposureSeconds, DateTimeOffset? At);
