namespace Cascade.Budgets;

/// <summary>What a report and a closing have in common: comparing totals, and booking late truths where they belong.</summary>
internal static class Bookkeeping
{
    public static LedgerStatus Find(LedgerState state, LeaseTotals totals, out Lease? lease)
    {
        if (!state.Leases.TryGetValue(totals.LeaseId, out lease))
        {
            return LedgerStatus.UnknownLease;
        }

        return lease.Epoch == totals.Epoch ? LedgerStatus.Ok : LedgerStatus.StaleEpoch;
    }

    /// <summary>Books what the totals say beyond those known. The lease in the result has the new totals.</summary>
    public static LedgerState BookTotals(LedgerState state, Lease lease, LeaseTotals totals, LedgerStep step)
    {
        var spend = new ReportedSpend(lease, totals);
        var ended = lease.Ended;
        var next = state;
        foreach (var resolved in totals.Resolved)
        {
            if (ended.TryGetValue(resolved.AttemptId, out var away) && away == Money.Zero)
            {
                continue;
            }

            if (next.Unconfirmed.TryGetValue(resolved.AttemptId, out var entry))
            {
                // Spent when the attempt was made, however late its cost is known: today's window has nothing held for it.
                var where = entry.Endpoint.Length > 0 ? entry.Endpoint : resolved.Endpoint ?? "";
                next = End(next, resolved.AttemptId, entry with { Endpoint = where }, spend.TakeAttempt(where, resolved.Cost), LedgerEntryKind.Resolved, step);
            }
            else if (away > Money.Zero)
            {
                // Somebody else reconciled it, so its cost is booked already.
                spend.TakeAttempt(resolved.Endpoint ?? "", resolved.Cost);
            }

            ended = ended.SetItem(resolved.AttemptId, Money.Zero);
        }

        var requests = Math.Max(lease.Requests, totals.Requests);
        next = BookRest(next, lease, spend, requests - lease.Requests, step);
        var updated = lease with
        {
            Settled = Money.Max(lease.Settled, totals.Settled),
            Requests = requests,
            ByModel = ModelUsages.Max(lease.ByModel, totals.ByModel),
            Ended = ended,
        };
        return next with { Leases = next.Leases.SetItem(lease.Id, Recount(next, updated)) };
    }

    /// <summary>Books the cost of a held attempt to the windows that the attempt falls in, and stops holding it.</summary>
    public static LedgerState End(
        LedgerState state, string attemptId, UnconfirmedEntry held, Money cost, LedgerEntryKind kind, LedgerStep step)
    {
        var endpoint = ModelUsages.NameIn(state.ByModel, held.Endpoint);
        var next = state with
        {
            Unconfirmed = state.Unconfirmed.Remove(attemptId),
            ByModel = ModelUsages.Add(state.ByModel, endpoint, cost, attempts: 1, default),
        };
        step.Write(step.Entry(kind, attemptId, held) with { Endpoint = endpoint, Amount = cost, Attempts = 1 });
        return LedgerWindows.Book(next, cost, held.At, held.Beneficiary);
    }

    /// <summary>Holds the attempts of the totals, each at the wider of what is known and what is said.</summary>
    public static LedgerState HoldUnconfirmed(LedgerState state, Lease lease, LeaseTotals totals, LedgerStep step)
    {
        if (totals.Unconfirmed.IsEmpty)
        {
            return state;
        }

        var entries = state.Unconfirmed.ToBuilder();
        foreach (var named in totals.Unconfirmed)
        {
            if (lease.Ended.ContainsKey(named.AttemptId))
            {
                continue;
            }

            var known = entries.GetValueOrDefault(named.AttemptId);
            var held = known is null ? Held(lease, named, step) : Wider(known, named);
            if (held != known)
            {
                entries[named.AttemptId] = held;
                step.Write(step.Entry(LedgerEntryKind.Held, named.AttemptId, held));
            }
        }

        return state with { Unconfirmed = entries.ToImmutable() };
    }

    /// <summary>Sums the lease's unconfirmed attempts anew.</summary>
    public static Lease Recount(LedgerState state, Lease lease)
    {
        var sum = Money.Zero;
        foreach (var (_, entry) in state.Unconfirmed)
        {
            sum += entry.Epoch == lease.Epoch ? entry.Upper : Money.Zero;
        }

        return sum == lease.Unconfirmed ? lease : lease with { Unconfirmed = sum };
    }

    private static LedgerState BookRest(LedgerState state, Lease lease, ReportedSpend spend, long requests, LedgerStep step)
    {
        var sum = spend.Left;
        var byModel = state.ByModel;
        foreach (var model in spend.TakeRest())
        {
            var endpoint = ModelUsages.NameIn(byModel, model.Endpoint);
            byModel = ModelUsages.Add(byModel, endpoint, model.Settled, model.Attempts, model.Tokens);
            step.Write(step.Entry(LedgerEntryKind.Booked, lease) with
            {
                Endpoint = endpoint,
                Amount = model.Settled,
                Attempts = model.Attempts,
                InputTokens = model.Tokens.Input,
                OutputTokens = model.Tokens.Output,
                CachedTokens = model.Tokens.Cached,
                ReasoningTokens = model.Tokens.Reasoning,
            });
        }

        if (requests > 0)
        {
            step.Write(step.Entry(LedgerEntryKind.Booked, lease) with { Requests = requests });
        }

        return LedgerWindows.Book(state with { ByModel = byModel, Requests = state.Requests + requests }, sum, step.Clock, lease.Beneficiary);
    }

    private static UnconfirmedEntry Held(Lease lease, UnconfirmedCost named, LedgerStep step) => new()
    {
        LeaseId = lease.Id,
        Epoch = lease.Epoch,
        Beneficiary = lease.Beneficiary,
        Endpoint = named.Endpoint ?? "",
        Lower = named.Lower,
        Upper = named.Upper,
        At = step.Clock,
    };

    private static UnconfirmedEntry Wider(UnconfirmedEntry known, UnconfirmedCost named) => known with
    {
        Endpoint = known.Endpoint.Length > 0 ? known.Endpoint : named.Endpoint ?? "",
        Lower = Money.Min(known.Lower, named.Lower),
        Upper = Money.Max(known.Upper, named.Upper),
    };
}
