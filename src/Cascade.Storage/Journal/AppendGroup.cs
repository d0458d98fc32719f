using System.Collections.Immutable;

namespace Cascade.Storage.Journal;

/// <summary>What every journal asks of an append to several streams.</summary>
internal static class AppendGroup
{
    /// <summary>More levels than an account path with its per-model caps can have.</summary>
    internal const int MaxStreams = 64;

    internal static void Check(AppendHaste haste)
    {
        if (haste is not (AppendHaste.Now or AppendHaste.Batched))
            throw new ArgumentOutOfRangeException(nameof(haste), haste, "The append does not say how soon it is to be sent.");
    }

    internal static void Check(ImmutableArray<JournalKey> keys, AppendHaste haste)
    {
        if (keys.IsDefaultOrEmpty)
            throw new ArgumentException("An append names no stream.", nameof(keys));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keys.Length, MaxStreams);
        Check(haste);
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys.AsSpan(0, i).Contains(keys[i]))
                throw new ArgumentException($"Usage stream {keys[i]} is named twice in one append.", nameof(keys));
        }
    }
}
