namespace Cascade.Simulation.Core;

/// <summary>Random numbers that are the same in every process and on every version of the runtime (SplitMix64). Not thread-safe.</summary>
internal sealed class SimRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="below"/>.</summary>
    public int Below(int below) => (int)(NextBits() % (ulong)below);

    /// <summary>A number between two bounds, both included.</summary>
    public long Between(long least, long most) => least + (long)(NextBits() % (ulong)(most - least + 1));

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> values) => values[Below(values.Count)];

    /// <summary>A duration between two bounds, in milliseconds.</summary>
    public TimeSpan Milliseconds(long least, long most) => TimeSpan.FromMilliseconds(Between(least, most));
}
