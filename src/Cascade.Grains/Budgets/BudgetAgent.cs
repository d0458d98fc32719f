using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Grains.Telemetry;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

/// <summary>
/// A silo's money: reserves from the leases it holds, writes every call to the journal before it starts and after it ended, and reports to
/// the budget grains. A call is paid in every budget of its account's path, from the leaf to the root, in all of them or in none.
/// Thread-safe.
/// </summary>
internal sealed partial class BudgetAgent(PurseEnvironment environment, ClusterModel model)
{
    private readonly ConcurrentDictionary<(BudgetKey Budget, string Beneficiary), Purse> _purses = new(new ByName());
    private readonly ConcurrentDictionary<(AccountId Account, EndpointId Endpoint), BudgetPath> _paths = new();

    private TimeProvider Time => environment.Time;

    private CascadeInstruments Instruments => environment.Instruments;

    private ILogger Logger => environment.Logger;

    /// <summary>The budgets that are remembered.</summary>
    public int PurseCount => _purses.Count;

    /// <summary>The budgets that a lease is held of.</summary>
    public int LeaseCount => _purses.Count(static purse => !purse.Value.IsAtRest);

    /// <summary>
    /// The price of money for an account, in quality per dollar: the sum over the account and all accounts above it, each as last heard.
    /// Caps on one endpoint have no part in it, because it prices the calls of all endpoints alike.
    /// </summary>
    public double ShadowPriceOf(AccountId account) => PathOf(account, default)?.ShadowPrice ?? 0;

    /// <summary>Whether a hard cap of the account, or of one above it, binds calls to an endpoint.</summary>
    public bool IsHardCapped(AccountId account, EndpointId endpoint) => PathOf(account, endpoint)?.IsHard ?? false;

    /// <summary>Counts a request in every budget that its calls were paid from.</summary>
    /// <param name="account">Who asked.</param>
    /// <param name="endpoints">What was called.</param>
    public void CountRequest(AccountId account, IEnumerable<EndpointId> endpoints)
    {
        var purses = endpoints.Append(default).Distinct().SelectMany(endpoint => PathOf(account, endpoint)?.Purses ?? []);
        foreach (var purse in purses.Distinct())
        {
            purse.CountRequest();
        }
    }

    /// <summary>Sets money aside for one call.</summary>
    /// <param name="account">Who pays.</param>
    /// <param name="endpoint">What is called.</param>
    /// <param name="attemptId">The call; never used before, not even for a reservation that came to nothing.</param>
    /// <param name="upperNanos">The most it can cost; 0 for a call that is free.</param>
    /// <param name="floorNanos">The least that is of use when a budget cannot pay the most, at most <paramref name="upperNanos"/>.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public ValueTask<ReserveResult> ReserveAsync(
        AccountId account, EndpointId endpoint, string attemptId, long upperNanos, long floorNanos, CancellationToken cancellationToken)
    {
        if (upperNanos == 0)
        {
            return new(ReserveResult.Of(new Hold(account, attemptId, 0, clamped: false, [])));
        }

        cancellationToken.ThrowIfCancellationRequested();
        var started = Time.GetTimestamp();
        if (PathOf(account, endpoint) is not { } path)
        {
            Instruments.ReservationEnded(Names.Of(ReserveOutcome.UnknownAccount), Time.GetElapsedTime(started));
            return new(ReserveResult.Refused(ReserveOutcome.UnknownAccount));
        }

        var taken = new LeaseSession[path.Purses.Length];
        for (var level = 0; level < taken.Length; level++)
        {
            if (path.Purses[level].TryReserve(attemptId, upperNanos) is not { } session)
            {
                return WaitAsync(new Wish(account, endpoint, attemptId, upperNanos, floorNanos, started), path, taken, level, cancellationToken);
            }

            taken[level] = session;
        }

        Instruments.ReservationEnded(Names.Of(ReserveOutcome.Reserved), Time.GetElapsedTime(started));
        return new(ReserveResult.Of(new Hold(account, attemptId, upperNanos, clamped: false, taken)));
    }

    /// <summary>What a lease held here has spent, for the grain that asks; null when it is not held here.</summary>
    public LeaseUsage? Collect(BudgetKey budget, string leaseId, bool release)
    {
        foreach (var beneficiary in (IEnumerable<string>)["", .. model.FindBudget(budget)?.Beneficiaries ?? []])
        {
            if (_purses.TryGetValue((budget, beneficiary), out var purse) && purse.Collect(leaseId, release) is { } usage)
            {
                return usage;
            }
        }

        return null;
    }

    /// <summary>Looks after every purse, each on its own: a budget that does not answer delays no other.</summary>
    /// <param name="giveAllBack">Whether to give back every lease that has nothing in flight.</param>
    /// <returns>When all are done; nobody needs to wait for it.</returns>
    public Task TendAsync(bool giveAllBack)
    {
        var tending = new List<Task>();
        var retired = 0;
        foreach (var (key, purse) in _purses)
        {
            if (purse.TryRetire())
            {
                _purses.TryRemove(KeyValuePair.Create(key, purse));
                retired++;
            }
            else if (!purse.IsAtRest)
            {
                tending.Add(purse.TendAsync(giveAllBack));
            }
        }

        if (retired > 0)
        {
            foreach (var path in _paths.Where(static path => path.Value.Purses.Any(static purse => purse.IsRetired)))
            {
                _paths.TryRemove(path);
            }
        }

        return Task.WhenAll(tending);
    }

    /// <summary>
    /// Goes on with a reservation that has to wait. Always from the leaf to the root, so two of them cannot wait for each other, and until
    /// one deadline for the whole path. A level that gives less than was asked for sets what the others need to hold.
    /// </summary>
    private async ValueTask<ReserveResult> WaitAsync(Wish wish, BudgetPath path, LeaseSession[] taken, int level, CancellationToken cancellationToken)
    {
        var deadline = wish.Started + (long)(environment.Options.ReservationWait.TotalSeconds * Time.TimestampFrequency);
        var nanos = wish.UpperNanos;
        PurseReply reply = default;
        try
        {
            for (; level < taken.Length; level++)
            {
                reply = await TakeAsync(path.Purses[level], wish, nanos, deadline, cancellationToken);
                if (reply.Session is not { } session)
                {
                    break;
                }

                taken[level] = session;
                if (reply.Nanos < nanos)
                {
                    nanos = reply.Nanos;
                    Trim(taken.AsSpan(0, level), wish.AttemptId, nanos);
                }
            }
        }
        catch
        {
            GiveBack(taken, wish.AttemptId);
            throw;
        }

        Instruments.ReservationEnded(Names.Of(reply.Outcome), Time.GetElapsedTime(wish.Started));
        if (level < taken.Length)
        {
            GiveBack(taken, wish.AttemptId);
            return ReserveResult.Refused(reply.Outcome, reply.Refusal);
        }

        return ReserveResult.Of(new Hold(wish.Account, wish.AttemptId, nanos, nanos < wish.UpperNanos, taken));
    }

    private async ValueTask<PurseReply> TakeAsync(Purse purse, Wish wish, long nanos, long deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reply = await purse.ReserveAsync(wish.AttemptId, nanos, Math.Min(wish.FloorNanos, nanos), deadline, cancellationToken);
            if (reply.Outcome != ReserveOutcome.None)
            {
                return reply;
            }

            // The purse went out of use since the path was looked up.
            _purses.TryRemove(KeyValuePair.Create((purse.Budget, purse.Beneficiary), purse));
            _paths.TryRemove((wish.Account, wish.Endpoint), out _);
            purse = PurseOf(purse.Budget, purse.Beneficiary, purse.ShadowPrice, purse.Exposure);
        }
    }

    private static void Trim(ReadOnlySpan<LeaseSession> taken, string attemptId, long nanos)
    {
        foreach (var session in taken)
        {
            session.Purse.Trim(session, attemptId, nanos);
        }
    }

    private static void GiveBack(ReadOnlySpan<LeaseSession> taken, string attemptId)
    {
        foreach (var session in taken)
        {
            session?.Purse.Void(session, attemptId);
        }
    }

    private BudgetPath? PathOf(AccountId account, EndpointId endpoint)
    {
        if (_paths.TryGetValue((account, endpoint), out var known))
        {
            return known;
        }

        var budgets = model.BudgetsOf(account, endpoint);
        return budgets.IsEmpty
            ? null
            : _paths.GetOrAdd((account, endpoint), new BudgetPath(budgets, [.. budgets.Select(b => PurseOf(b.Key, b.BeneficiaryOf(account), b.StartPrice, b.Exposure.Nanos))]));
    }

    private Purse PurseOf(BudgetKey budget, string beneficiary, double price, long exposure) => _purses.GetOrAdd(
        (budget, beneficiary),
        static (key, start) => new Purse(key.Budget, start.Environment, key.Beneficiary, start.Price, start.Exposure),
        (Environment: environment, Price: price, Exposure: exposure));

    /// <summary>A call that wants money.</summary>
    private readonly record struct Wish(
        AccountId Account, EndpointId Endpoint, string AttemptId, long UpperNanos, long FloorNanos, long Started);

    /// <summary>Finds purses in an order that is the same in every process, so that a simulation can repeat it.</summary>
    private sealed class ByName : IEqualityComparer<(BudgetKey Budget, string Beneficiary)>
    {
        private const uint Start = 2166136261;
        private const uint Prime = 16777619;

        public bool Equals((BudgetKey Budget, string Beneficiary) x, (BudgetKey Budget, string Beneficiary) y) => x == y;

        public int GetHashCode((BudgetKey Budget, string Beneficiary) purse) =>
            (int)Hash(Hash(Hash(Start, purse.Budget.Account.Value), purse.Budget.Endpoint), purse.Beneficiary);

        private static uint Hash(uint hash, string text)
        {
            foreach (var letter in text)
            {
                hash = (hash ^ letter) * Prime;
            }

            return hash;
        }
    }
}
