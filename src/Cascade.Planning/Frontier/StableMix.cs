namespace Cascade.Planning.Frontier;

/// <summary>
/// Maps an id to a number that is the same in every process, version and machine, to split traffic by id. FNV-1a (64 bit, offset basis
/// 0xcbf29ce484222325, prime 0x100000001b3) over the UTF-8 bytes, then MurmurHash3's 64-bit finaliser, because the high bits of FNV-1a alone
/// hardly differ between ids that differ in their last character.
/// </summary>
public static class StableMix
{
    private const ulong Basis = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;
    private const byte Separator = 0xff;

    /// <summary>The place of an id within 0 (included) to 1 (excluded), in steps of 2⁻⁵³, uniform over ids.</summary>
    /// <param name="id">The id; an unpaired surrogate counts as U+FFFD. May be empty.</param>
    /// <param name="scope">Names the split, so that splits with different names are independent; empty for none.</param>
    /// <returns>The place.</returns>
    public static double Unit(ReadOnlySpan<char> id, ReadOnlySpan<char> scope = default)
    {
        var hash = Basis;
        if (!scope.IsEmpty)
        {
            // 0xff is no byte of UTF-8, so that scope and id cannot run into each other.
            hash = Append(Fnv1a(scope, hash), Separator);
        }

        return (Finalise(Fnv1a(id, hash)) >> 11) * (1.0 / (1L << 53));
    }

    internal static ulong Fnv1a(ReadOnlySpan<char> text, ulong hash = Basis)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)])
            {
                hash = Append(hash, b);
            }
        }

        return hash;
    }

    private static ulong Append(ulong hash, byte next) => unchecked((hash ^ next) * Prime);

    internal static ulong Finalise(ulong hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
            hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
            return hash ^ (hash >> 33);
        }
    }
}
