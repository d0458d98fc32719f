namespace Cascade.Storage.Replays;

/// <summary>Keeps outcomes in this process, for tests and mode <c>memory</c> only.</summary>
/// <param name="time">Tells when claims and outcomes end.</param>
public sealed class InMemoryReplayStore(TimeProvider time) : IReplayStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ReplayKey, Slot> _slots = [];

    /// <summary>Whether every call fails without effect.</summary>
    public bool IsDown { get; set; }

    /// <inheritdoc />
    public Task<ReplayClaim> ClaimAsync(ReplayKey key, string owner, string fingerprint, TimeSpan hold, CancellationToken cancellationToken) =>
        RunAsync(key, "claim", slot =>
        {
            if (slot is null || slot.Owner == owner)
            {
                _slots[key] = new Slot(owner, fingerprint, default, time.GetUtcNow() + hold);
                return new ReplayClaim(ReplayStatus.Claimed, fingerprint, default);
            }

            return new ReplayClaim(slot.Owner.Length > 0 ? ReplayStatus.Running : ReplayStatus.Finished, slot.Fingerprint, slot.Outcome);
        }, cancellationToken);

    /// <inheritdoc />
    public Task<bool> RenewAsync(ReplayKey key, string owner, TimeSpan hold, CancellationToken cancellationToken) =>
        RunAsync(key, "renew", slot =>
        {
            if (slot?.Owner != owner)
                return false;
            _slots[key] = slot with { Ends = time.GetUtcNow() + hold };
            return true;
        }, cancellationToken);

    /// <inheritdoc />
    public Task<bool> CompleteAsync(
        ReplayKey key, string owner, string fingerprint, ReadOnlyMemory<byte> outcome, TimeSpan retention, CancellationToken cancellationToken) =>
        RunAsync(key, "complete", slot =>
        {
            if (slot is not null && slot.Owner != owner)
                return false;
            _slots[key] = new Slot("", fingerprint, outcome.ToArray(), time.GetUtcNow() + retention);
            return true;
        }, cancellationToken);

    /// <inheritdoc />
    public Task ReleaseAsync(ReplayKey key, string owner, CancellationToken cancellationToken) =>
        RunAsync(key, "release", slot => slot?.Owner == owner && _slots.Remove(key), cancellationToken);

    private Task<T> RunAsync<T>(ReplayKey key, string command, Func<Slot?, T> effect, CancellationToken cancellationToken)
    {
        key.Check();
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        lock (_lock)
        {
            if (IsDown)
                return Task.FromException<T>(new ReplayStoreUnavailableException(command));
            var slot = _slots.GetValueOrDefault(key);
            return Task.FromResult(effect(slot?.Ends > time.GetUtcNow() ? slot : null));
        }
    }

    /// <param name="Owner">Who runs the request; empty once it has ended.</param>
    /// <param name="Fingerprint">What it asks for.</param>
    /// <param name="Outcome">How it ended.</param>
    /// <param name="Ends">When the key comes free.</param>
    private sealed record Slot(string Owner, string Fingerprint, ReadOnlyMemory<byte> Outcome, DateTimeOffset Ends);
}
