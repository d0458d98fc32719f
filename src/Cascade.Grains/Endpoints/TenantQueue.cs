using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>Waiters of one endpoint, served account by account in turn, so that a flood of one account delays no other. Not thread-safe.</summary>
internal sealed class TenantQueue
{
    private readonly Dictionary<AccountId, LinkedList<TaskCompletionSource<bool>>> _byAccount = [];
    private readonly LinkedList<AccountId> _turns = new();

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>How many wait of one account.</summary>
    public int CountOf(AccountId account) => _byAccount.TryGetValue(account, out var queue) ? queue.Count : 0;

    /// <summary>Adds a waiter.</summary>
    /// <returns>The place, for <see cref="Remove"/>.</returns>
    public LinkedListNode<TaskCompletionSource<bool>> Add(AccountId account, TaskCompletionSource<bool> waiter)
    {
        if (!_byAccount.TryGetValue(account, out var queue))
        {
            queue = new LinkedList<TaskCompletionSource<bool>>();
            _byAccount.Add(account, queue);
            _turns.AddLast(account);
        }

        Count++;
        return queue.AddLast(waiter);
    }

    /// <summary>Takes the next waiter: the oldest of the account whose turn it is.</summary>
    public bool TryTake(out TaskCompletionSource<bool> waiter)
    {
        if (_turns.First is not { } turn)
        {
            waiter = null!;
            return false;
        }

        var queue = _byAccount[turn.Value];
        waiter = queue.First!.Value;
        queue.RemoveFirst();
        Count--;
        _turns.RemoveFirst();
        if (queue.Count == 0)
        {
            _byAccount.Remove(turn.Value);
        }
        else
        {
            _turns.AddLast(turn);
        }

        return true;
    }

    /// <summary>Takes a waiter out before its turn. Does nothing when it was taken already.</summary>
    public void Remove(AccountId account, LinkedListNode<TaskCompletionSource<bool>> place)
    {
        if (place.List is not { } queue)
        {
            return;
        }

        queue.Remove(place);
        Count--;
        if (queue.Count == 0)
        {
            _byAccount.Remove(account);
            _turns.Remove(account);
        }
    }
}
