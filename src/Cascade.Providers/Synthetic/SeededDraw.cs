using System.Text;

namespace Cascade.Providers.Synthetic;

/// <summary>Numbers that a seed fixes for good: the same on every machine and in every version of the runtime.</summary>
internal sealed class SeededDraw(ulong state)
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state = state;

    /// <summary>A generator for one thing under one seed.</summary>
    public static SeededDraw For(long seed, string what) => new(Mix((ulong)seed) ^ Hash(what));

    /// <summary>A whole number from least to most, both included.</summary>
    public long Next(long least, long most) => least + (long)(Bits() % (ulong)(most - least + 1));

    /// <summary>A number from 0 to below 1.</summary>
    public double NextShare() => (Bits() >> 11) * (1.0 / (1UL << 53));

    // SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
    private ulong Bits() => Mix(_state += Step);

    private static ulong Mix(ulong value)
    {
        value += Step;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    // FNV-1a; its weak low bits are mixed away before use.
    private static ulong Hash(string text) =>
        Mix(Encoding.UTF8.GetBytes(text).Aggregate(0xCBF29CE484222325, static (hash, next) => (hash ^ next) * 0x100000001B3));
}
