using System.Collections.Immutable;

using Cascade.Budgets;
using Cascade.Storage.Journal;

namespace Cascade.Benchmarks.Journal;

/// <summary>The leases of one account path that pay together, with their books, as a silo holds them.</summary>
internal sealed class LoadLease
{
    private readonly Lock _lock = new();
    private readonly ImmutableArray<LeaseBook> _books;
    private readonly long _exposureNanos;
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private long _exposed;
    private int _reserved;
    private int _ended;

    internal LoadLease(string account, int number, int levels, long exposureNanos)
    {
        Keys = [.. Enumerable.Range(0, levels).Select(level => new JournalKey(account + new string('x', level), $"lease-{number}"))];
        _books = [.. Keys.Select(key => new LeaseBook(key.LeaseId, epoch: 1))];
        foreach (var book in _books)
            book.SetGranted(new Money(LedgerLimits.MaxAmountNanos));
        _exposureNanos = exposureNanos;
    }

    internal ImmutableArray<JournalKey> Keys { get; }

    /// <summary>Whether every reservation of this lease has ended after <paramref name="limit"/> of them.</summary>
    internal bool IsFinished(int limit)
    {
        lock (_lock)
            return _reserved >= limit && _ended == _reserved;
    }

    /// <returns>False when the lease has had its share of reservations.</returns>
    internal bool TryReserve(string attempt, long upperNanos, int limit)
    {
        lock (_lock)
        {
            if (_reserved >= limit)
                return false;
            _reserved++;
            foreach (var book in _books)
            {
                book.Reserve(attempt, new Money(upperNanos), new Money(upperNanos));
                book.Start(attempt);
            }

            return true;
        }
    }

    internal void Settle(string attempt, long costNanos)
    {
        lock (_lock)
        {
            foreach (var book in _books)
                book.Settle(attempt, new Money(costNanos));
            _ended++;
        }
    }

    /// <summary>Waits until the intent may be on its way while the call runs.</summary>
    internal Task ExposeAsync(long upperNanos)
    {
        lock (_lock)
        {
            if (_exposed + upperNanos <= _exposureNanos && _waiting.Count == 0)
            {
                _exposed += upperNanos;
                return Task.CompletedTask;
            }

            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            return turn.Task;
        }
    }

    internal void Cover(long upperNanos)
    {
        lock (_lock)
        {
            // All intents of this load have one bound, so the room that came free fits the next in line.
            if (!_waiting.TryDequeue(out var next))
                _exposed -= upperNanos;
            next?.SetResult();
        }
    }
}
