namespace Cascade.Storage.Ledger;

/// <summary>Grain state as it is stored, read past the cluster. Nothing is written. Implementations are thread-safe.</summary>
public interface IStoredStates
{
    /// <summary>The keys of all grains of a type that have a state of that name, each at least once, in no order.</summary>
    /// <param name="grainType">The grain type, for example <c>cascade.budget</c>.</param>
    /// <param name="state">The name of the state.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="LedgerLogUnavailableException">The storage gives no answer.</exception>
    IAsyncEnumerable<string> KeysAsync(string grainType, string state, CancellationToken cancellationToken);

    /// <summary>One stored state.</summary>
    /// <param name="grainType">The grain type.</param>
    /// <param name="key">The grain's key.</param>
    /// <param name="state">The name of the state.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Its document; null when there is none.</returns>
    /// <exception cref="LedgerLogUnavailableException">The storage gives no answer.</exception>
    Task<BinaryData?> ReadAsync(string grainType, string key, string state, CancellationToken cancellationToken);
}
