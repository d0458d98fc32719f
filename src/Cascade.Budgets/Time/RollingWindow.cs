namespace Cascade.Budgets;

/// <summary>
/// A window that is always as long as its span, counted in <see cref="Buckets"/> pieces of equal length. It never counts too little: what
/// is spent counts for at least the span, and leaves at most one piece, a sixtieth of the span, later.
/// </summary>
public static class RollingWindow
{
    /// <summary>Into how many pieces a span is cut; one more is being filled.</summary>
    public const int Buckets = 60;

    /// <summary>The piece that an instant falls in, counted from the first instant of time.</summary>
    /// <param name="span">The span of the window.</param>
    /// <param name="at">The instant.</param>
    /// <returns>The number of the piece.</returns>
    public static long BucketOf(TimeSpan span, DateTimeOffset at) => at.UtcTicks / Width(span);

    /// <summary>The first instant that counts at an instant; it moves on piece by piece.</summary>
    /// <param name="span">The span of the window.</param>
    /// <param name="now">The instant.</param>
    /// <returns>The start, in UTC.</returns>
    public static DateTimeOffset StartOf(TimeSpan span, DateTimeOffset now) => StartOfBucket(span, BucketOf(span, now) - Buckets);

    /// <summary>The earliest instant at which a window can have a start.</summary>
    /// <param name="span">The span of the window.</param>
    /// <param name="start">The start.</param>
    /// <returns>The instant, in UTC.</returns>
    public static DateTimeOffset EarliestNow(TimeSpan span, DateTimeOffset start) => start.AddTicks(Width(span) * Buckets);

    /// <summary>When what was spent at an instant stops counting.</summary>
    /// <param name="span">The span of the window.</param>
    /// <param name="at">When it was spent.</param>
    /// <returns>The instant, in UTC.</returns>
    public static DateTimeOffset LeavesAt(TimeSpan span, DateTimeOffset at) => StartOfBucket(span, BucketOf(span, at) + Buckets + 1);

    /// <summary>The first instant of a piece.</summary>
    /// <param name="span">The span of the window.</param>
    /// <param name="bucket">The number of the piece.</param>
    /// <returns>The instant, in UTC.</returns>
    public static DateTimeOffset StartOfBucket(TimeSpan span, long bucket) => new(bucket * Width(span), TimeSpan.Zero);

    // Rounded up, so that the pieces together are never shorter than the span.
    private static long Width(TimeSpan span) => (span.Ticks + Buckets - 1) / Buckets;
}
