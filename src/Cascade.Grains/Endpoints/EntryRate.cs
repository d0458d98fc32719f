namespace Cascade.Grains.Endpoints;

/// <summary>How many calls a gate lets in per second, over the last seconds. Not thread-safe.</summary>
internal sealed class EntryRate(TimeProvider time)
{
    private const int Seconds = 8;
    private const int LeastSeconds = 2;
    private readonly long[] _counts = new long[Seconds];
    private long _second = -1;
    private long _first = -1;

    /// <summary>Calls per second; 0 while too little was seen.</summary>
    public double PerSecond
    {
        get
        {
            Move();
            var span = Math.Min(Seconds, _second - _first + 1);

            // The lull before the first call was nobody's wait, and says nothing of how fast a burst after it will be let in.
            while (span > 0 && _counts[(_second - span + 1) % Seconds] == 0)
            {
                span--;
            }

            return span < LeastSeconds ? 0 : _counts.Sum() / (double)span;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        if (_first < 0)
        {
            return;
        }

        Array.Clear(_counts);
        (_first, _second) = (-1, -1);
    }

    public void Count()
    {
        Move();
        _counts[_second % Seconds]++;
    }

    private void Move()
    {
        var now = time.GetTimestamp() / time.TimestampFrequency;
        if (_first < 0)
        {
            (_first, _second) = (now, now);
            return;
        }

        for (var skipped = 0; _second < now && skipped < Seconds; skipped++)
        {
            _second++;
            _counts[_second % Seconds] = 0;
        }

        _second = now;
    }
}
