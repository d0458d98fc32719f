namespace Cascade.Storage.Replays;

/// <summary>
/// Remembers how requests with an idempotency key ended, so that a repeated one is answered without being run again. Implementations are
/// thread-safe.
/// </summary>
/// <remarks>
/// A claim is held for a limited time, which its owner renews while it runs: after a crash the key comes free by itself. So a key can be run
/// twice when its owner is believed dead and is not; each run pays for itself.
/// </remarks>
public interface IReplayStore
{
    /// <summary>Takes the key if nobody has it. The same owner may ask again: a claim whose answer was lost is still its own.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">Who asks; unique for all time.</param>
    /// <param name="fingerprint">What the request asks for.</param>
    /// <param name="hold">How long the claim holds without being renewed.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The claim, or what is known of the key.</returns>
    /// <exception cref="ReplayStoreUnavailableException">The outcome is unknown.</exception>
    Task<ReplayClaim> ClaimAsync(ReplayKey key, string owner, string fingerprint, TimeSpan hold, CancellationToken cancellationToken);

    /// <summary>Holds a claim for longer.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">Who has it.</param>
    /// <param name="hold">How long from now.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether the owner still has it.</returns>
    Task<bool> RenewAsync(ReplayKey key, string owner, TimeSpan hold, CancellationToken cancellationToken);

    /// <summary>Keeps how the request ended. An owner whose claim ran out may still do so unless somebody else took the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">Who has it.</param>
    /// <param name="fingerprint">What the request asked for.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="retention">How long to keep it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether it is kept.</returns>
    Task<bool> CompleteAsync(
        ReplayKey key, string owner, string fingerprint, ReadOnlyMemory<byte> outcome, TimeSpan retention, CancellationToken cancellationToken);

    /// <summary>Gives the key back: the request ended without an outcome that may be repeated.</summary>
    /// <param name="key">The key.</param>
    /// <param name="owner">Who has it; nothing happens when that is somebody else.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task ReleaseAsync(ReplayKey key, string owner, CancellationToken cancellationToken);
}

/// <summary>A caller's name for a request; it means nothing outside its account.</summary>
/// <param name="Account">The account's path.</param>
/// <param name="Key">What the caller sent.</param>
public readonly record struct ReplayKey(string Account, string Key)
{
    /// <summary>The most characters of a key.</summary>
    public const int MaxLength = 256;

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Account);
        ArgumentException.ThrowIfNullOrEmpty(Key);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Key.Length, MaxLength, nameof(Key));
    }
}

/// <summary>What is known of a key.</summary>
public enum ReplayStatus
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The caller has the key and runs the request.</summary>
    Claimed = 1,

    /// <summary>Somebody else runs it.</summary>
    Running = 2,

    /// <summary>It has ended.</summary>
    Finished = 3,
}

/// <summary>The answer to a claim.</summary>
/// <param name="Status">What is known of the key.</param>
/// <param name="Fingerprint">What the request under this key asks for.</param>
/// <param name="Outcome">How it ended, when it has.</param>
public sealed record ReplayClaim(ReplayStatus Status, string Fingerprint, ReadOnlyMemory<byte> Outcome);

/// <summary>The store gave no answer.</summary>
public sealed class ReplayStoreUnavailableException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="command">What was asked.</param>
    /// <param name="cause">Why there is no answer.</param>
    public ReplayStoreUnavailableException(string command, Exception? cause = null)
        : base($"The outcome of {command} on an idempotency key is unknown: {cause?.Message ?? "no answer"}", cause)
    {
    }
}
