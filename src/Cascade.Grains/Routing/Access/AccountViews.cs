using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Model;

namespace Cascade.Grains.Routing;

/// <summary>The views of accounts that have asked lately. Thread-safe.</summary>
internal sealed class AccountViews(ClusterModel model)
{
    // Accounts below a template are made up by callers, so there is no end to them.
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<AccountId, AccountView> _views = new();
    private int _count;

    /// <summary>The view of an account; of one that is not known, the view without filters and keys.</summary>
    public AccountView Of(AccountId account)
    {
        if (_views.TryGetValue(account, out var known))
        {
            return known;
        }

        var view = AccountView.Of(model.PathOf(account));
        if (Volatile.Read(ref _count) < Most && _views.TryAdd(account, view))
        {
            Interlocked.Increment(ref _count);
        }

        return view;
    }
}
