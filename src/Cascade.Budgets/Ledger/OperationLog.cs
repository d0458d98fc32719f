using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>The latest operations of an account in the order they came. When it is full the oldest is forgotten.</summary>
/// <remarks>
/// A command repeated after it was forgotten is carried out again. Reports do no harm then, because they carry totals; a grant would
/// lease a second amount, which its holder gives back. Choose the limit above what all holders send within their longest retry.
/// </remarks>
public sealed class OperationLog
{
    private readonly ImmutableQueue<string> _order;
    private readonly ImmutableDictionary<string, OperationEntry> _byId;

    private OperationLog(int limit, ImmutableQueue<string> order, ImmutableDictionary<string, OperationEntry> byId)
    {
        Limit = limit;
        _order = order;
        _byId = byId;
    }

    /// <summary>A log with no operations and the default limit.</summary>
    public static OperationLog Empty { get; } = Create(LedgerLimits.DefaultOperations, []);

    /// <summary>How many operations are kept.</summary>
    public int Limit { get; }

    /// <summary>How many operations there are.</summary>
    public int Count => _byId.Count;

    /// <summary>The operations, oldest first.</summary>
    public IEnumerable<OperationEntry> Entries => _order.Select(id => _byId[id]);

    /// <summary>Makes a log of entries that were stored; the oldest beyond the limit are dropped.</summary>
    /// <param name="limit">How many operations to keep, at least 1.</param>
    /// <param name="entries">The entries, oldest first.</param>
    /// <returns>The log.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is below 1.</exception>
    /// <exception cref="ArgumentException">Two entries have the same operation id.</exception>
    public static OperationLog Create(int limit, IEnumerable<OperationEntry> entries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var log = new OperationLog(limit, [], ImmutableDictionary.Create<string, OperationEntry>(StringComparer.Ordinal));
        foreach (var entry in entries)
        {
            log = log.Add(entry);
        }

        return log;
    }

    /// <summary>Finds an operation.</summary>
    /// <param name="operationId">Its id.</param>
    /// <returns>The operation; null when it never came or is forgotten.</returns>
    public OperationEntry? Find(string operationId) => _byId.GetValueOrDefault(operationId);

    /// <summary>Remembers an operation, and forgets the oldest when the log is full.</summary>
    /// <param name="entry">The operation.</param>
    /// <returns>The new log.</returns>
    /// <exception cref="ArgumentException">An operation with that id is remembered already.</exception>
    public OperationLog Add(OperationEntry entry)
    {
        if (_byId.ContainsKey(entry.OperationId))
        {
            throw new ArgumentException($"operation '{entry.OperationId}' is remembered already", nameof(entry));
        }

        var order = _order.Enqueue(entry.OperationId);
        var byId = _byId.Add(entry.OperationId, entry);
        if (byId.Count > Limit)
        {
            order = order.Dequeue(out var oldest);
            byId = byId.Remove(oldest);
        }

        return new OperationLog(Limit, order, byId);
    }
}
