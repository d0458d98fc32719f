using Cascade.Planning.Frontier;

namespace Cascade.Planning.Features;

/// <summary>
/// Adds up the signs of the n-grams that fall into each bucket (Weinberger et al., "Feature hashing for large scale multitask learning", ICML
/// 2009: with a random sign, collisions cancel in the mean). Works on the caller's memory.
/// </summary>
internal ref struct GramCounter(Span<float> counts, Span<int> touched)
{
    private const ulong Prime = 0x100000001b3;
    private const ulong WordBasis = 0xcbf29ce484222325;
    private const ulong CharBasis = 0x9ae16a3b2f90404f;

    private readonly Span<float> _counts = counts;
    private readonly Span<int> _touched = touched;

    /// <summary>How many n-grams were counted: as many buckets, some of them several times or back at zero, are in the list of the touched.</summary>
    public int Grams { get; private set; }

    public readonly bool IsFull => Grams == _touched.Length;

    public void Words(ReadOnlySpan<int> runes, int longest)
    {
        ulong one = 0, two = 0;
        var before = 0;
        for (var i = 0; i < runes.Length && longest > 0 && !IsFull;)
        {
            if (TextRunes.IsSpace(runes[i]))
            {
                i++;
                continue;
            }

            var start = i++;
            while (TextRunes.IsWord(runes[start]) && i < runes.Length && TextRunes.IsWord(runes[i]))
            {
                i++;
            }

            var word = Hash(runes[start..i], WordBasis);
            Add(word);
            if (before >= 1 && longest >= 2)
            {
                Add(Join(one, word));
            }

            if (before >= 2 && longest >= 3)
            {
                Add(Join(Join(two, one), word));
            }

            (two, one, before) = (one, word, before + 1);
        }
    }

    public void Characters(ReadOnlySpan<int> runes, int shortest, int longest)
    {
        for (var i = 0; i < runes.Length && longest > 0 && !IsFull; i++)
        {
            var hash = CharBasis;
            for (var n = 1; n <= longest && i + n <= runes.Length; n++)
            {
                hash = Step(hash, runes[i + n - 1]);
                if (n >= shortest)
                {
                    Add(hash);
                }
            }
        }
    }

    private static ulong Hash(ReadOnlySpan<int> runes, ulong hash)
    {
        foreach (var rune in runes)
        {
            hash = Step(hash, rune);
        }

        return hash;
    }

    private static ulong Step(ulong hash, int rune) => unchecked((hash ^ (uint)rune) * Prime);

    private static ulong Join(ulong first, ulong second) => unchecked((StableMix.Finalise(first) ^ second) * Prime);

    private void Add(ulong hash)
    {
        if (IsFull)
        {
            return;
        }

        var mixed = StableMix.Finalise(hash);
        var bucket = (int)(mixed & (ulong)(_counts.Length - 1));
        _touched[Grams++] = bucket;
        _counts[bucket] += mixed >> 63 == 0 ? 1 : -1;
    }
}
