using Cascade.Budgets;
using Cascade.Grains.Budgets;
using Cascade.Simulation.World;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.Auditing;

/// <summary>P2 and P3, which can be asked only when the world has come to rest.</summary>
internal sealed partial class Auditor
{
    /// <summary>Late reports may be booked into the hour after the one they belong to.</summary>
    private static readonly TimeSpan LateReports = TimeSpan.FromMinutes(10);

    /// <summary>Every attempt has ended once, at its true cost or held in its interval.</summary>
    public void CheckEnds()
    {
        foreach (var account in _accounts.Values)
        {
            if (account.Record.Leases.Length > 0)
            {
                Violated("P2", $"still has the leases {string.Join(", ", account.Record.Leases.Select(l => l.Id))} at rest", account.Id);
            }

            var held = account.Record.Unconfirmed.ToDictionary(u => u.AttemptId, StringComparer.Ordinal);
            foreach (var entry in held.Values)
            {
                coverage.Note(Seen.UnconfirmedAtEnd);
                CheckHeld(account, entry.AttemptId, entry.LowerNanos, entry.UpperNanos);
            }

            foreach (var attempt in account.Attempts.Where(a => a is { Called: true, End: CallEnd.Unknown } && !held.ContainsKey(a.Id)))
            {
                Violated("P2", $"forgot attempt {attempt.Id}, of which nobody knows the cost", account.Id);
            }

            var expected = account.Attempts.Where(a => !held.ContainsKey(a.Id)).Sum(a => a.Bill);
            if (account.Record.SettledNanos != expected)
            {
                Violated("P2", $"has settled {account.Record.SettledNanos}, but the provider billed {expected} for the attempts that are not held", account.Id);
            }
        }
    }

    /// <summary>Everything has been reconciled with the provider's bills.</summary>
    public void CheckSums()
    {
        foreach (var account in _accounts.Values)
        {
            var billed = account.Attempts.Sum(a => a.Bill);
            if (account.Record.SettledNanos != billed || account.Record.Unconfirmed.Length > 0)
            {
                Violated("P2", $"has settled {account.Record.SettledNanos} after reconciling, but the provider billed {billed}", account.Id);
            }
        }
    }

    /// <summary>The entries tell how every balance that is stored came about: each is in the log or in the state, once, and they add up.</summary>
    public void CheckEntries()
    {
        foreach (var account in _accounts.Values)
        {
            var history = new LedgerHistory(account.Record);
            var replay = new LedgerReplay();
            foreach (var logged in _world.LedgerLog.Of(account.Id))
            {
                if (history.Take(logged) is { } entry)
                {
                    replay.Take(entry);
                }
            }

            if (history.Next > history.Last + 1)
            {
                Violated("P2", $"has {history.Next - history.Last - 1} entries in the log that were never stored", account.Id);
            }

            foreach (var entry in history.TakeRest())
            {
                replay.Take(entry);
            }

            foreach (var problem in history.Problems.Concat(LedgerComparer.Compare(account.Record.ToState(), replay)))
            {
                Violated("P2", $"has entries that contradict its state: {problem}", account.Id);
            }
        }
    }

    /// <summary>What an account can still spend when nothing is in flight, by the tightest of its caps.</summary>
    public long? LeftOf(string accountId)
    {
        var account = _accounts[accountId];
        var held = account.Record.Unconfirmed.Select(u => u.AttemptId).ToHashSet(StringComparer.Ordinal);
        long? least = null;
        foreach (var cap in account.Caps.Where(c => c.Hard))
        {
            var since = WindowStart(cap) is { } start ? start - LateReports : TimeSpan.MinValue;
            var left = cap.Limit.Nanos - account.Attempts
                .Where(a => !a.Called || a.At >= since)
                .Sum(a => account.Closed.Contains(a.LeaseId) && !held.Contains(a.Id) ? a.Bill : a.MostHeld);
            least = Math.Min(left, least ?? long.MaxValue);
        }

        return least;
    }

    private void CheckHeld(AuditedAccount account, string attemptId, long lower, long upper)
    {
        if (account.Find(attemptId) is not { } attempt)
        {
            Violated("P2", $"holds attempt {attemptId}, which never was", account.Id);
            return;
        }

        if (attempt.Promised is JournalEntryKind.Settle or JournalEntryKind.Void || attempt.EndIsKnown)
        {
            Violated("P2", $"holds attempt {attemptId}, whose end ({attempt.End}) is known", account.Id);
        }

        if (attempt.Bill < lower || attempt.Bill > upper + attempt.Overrun)
        {
            Violated("P2", $"holds attempt {attemptId} at {lower} to {upper}, but it is billed {attempt.Bill}", account.Id);
        }
    }
}
