namespace Cascade.Grains.State;

/// <summary>
/// The only way a grain writes its state. A failed write leaves its outcome unknown and, in Orleans, the unsaved value in memory: so the
/// value that was there is put back, the grain goes away, and the next activation reads what is true.
/// </summary>
/// <typeparam name="TRecord">The stored record, immutable.</typeparam>
/// <param name="storage">The stored state.</param>
/// <param name="deactivate">Makes the grain go away.</param>
internal sealed class CommittedState<TRecord>(IPersistentState<TRecord> storage, Action deactivate)
{
    /// <summary>The last value known to be stored.</summary>
    public TRecord Current => storage.State;

    /// <summary>Stores a value. Returns when it is durable.</summary>
    /// <param name="next">The value.</param>
    /// <param name="cancellationToken">Cancels the wait; the outcome is then unknown.</param>
    public async Task CommitAsync(TRecord next, CancellationToken cancellationToken)
    {
        var current = storage.State;
        storage.State = next;
        try
        {
            await storage.WriteStateAsync(cancellationToken);
        }
        catch
        {
            storage.State = current;
            deactivate();
            throw;
        }
    }

    /// <summary>Reads anew what is stored.</summary>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether somebody else has written since this was last known.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var known = storage.Etag;
        await storage.ReadStateAsync(cancellationToken);
        return storage.Etag != known;
    }
}
