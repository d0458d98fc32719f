using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Configuration;

namespace Cascade.Server.Gateway.Access;

/// <summary>Bounds the questions of one account in progress, bodies still arriving included, so that one caller cannot take every place.</summary>
internal sealed class AccountSlots(HttpConfig limits)
{
    private readonly ConcurrentDictionary<AccountId, int> _taken = new();

    /// <summary>Takes a place. False when the account has as many as it may; otherwise give it back by <see cref="Leave"/>.</summary>
    public bool TryEnter(AccountId account)
    {
        if (_taken.AddOrUpdate(account, 1, static (_, taken) => taken + 1) <= limits.MaxConcurrentRequestsPerAccount)
        {
            return true;
        }

        Leave(account);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(AccountId account) => _taken.AddOrUpdate(account, 0, static (_, taken) => taken - 1);
}
