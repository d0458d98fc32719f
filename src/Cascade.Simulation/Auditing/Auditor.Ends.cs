using Cascade.Budgets;
using Cascade.Contracts;
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
        foreach (var budget in _budgets.Values)
        {
            if (budget.Record.Leases.Length > 0)
            {
                Violated("P2", $"still has the leases {string.Join(", ", budget.Record.Leases.Select(l => l.Id))} at rest", budget.Id);
            }

            var held = budget.Record.Unconfirmed.ToDictionary(u => u.AttemptId, StringComparer.Ordinal);
            foreach (var entry in held.Values)
            {
                coverage.Note(Seen.UnconfirmedAtEnd);
                CheckHeld(budget, entry.AttemptId, entry.LowerNanos, entry.UpperNanos);
            }

            foreach (var lost in budget.Attempts.Where(a => a.IsUnwritten && held.ContainsKey(Lease.ExposureAttempt(a.LeaseId))))
            {
                held[lost.Id] = held[Lease.ExposureAttempt(lost.LeaseId)];
            }

            foreach (var attempt in budget.Attempts.Where(a => a is { Called: true, End: CallEnd.Unknown } && !held.ContainsKey(a.Id)))
            {
                Violated("P2", $"forgot attempt {attempt.Id}, of which nobody knows the cost", budget.Id);
            }

            var expected = budget.Attempts.Where(a => !held.ContainsKey(a.Id)).Sum(a => a.Bill);
            if (budget.Record.SettledNanos != expected)
            {
                Violated("P2", $"has settled {budget.Record.SettledNanos}, but the provider billed {expected} for the attempts that are not held", budget.Id);
            }
        }
    }

    /// <summary>Everything has been reconciled with the provider's bills.</summary>
    public void CheckSums()
    {
        foreach (var budget in _budgets.Values)
        {
            var billed = budget.Attempts.Sum(a => a.Bill);
            if (budget.Record.SettledNanos != billed || budget.Record.Unconfirmed.Length > 0)
            {
                Violated("P2", $"has settled {budget.Record.SettledNanos} after reconciling, but the provider billed {billed}", budget.Id);
            }
        }
    }

    /// <summary>Every alert that was raised has been told or is stored to be told.</summary>
    public void CheckAlerts()
    {
        foreach (var budget in _budgets.Values)
        {
            var record = budget.Record;
            for (var number = 1L; number < record.FirstAlert; number++)
            {
                coverage.Note(Seen.AlertTold);
                if (!_world.Alerts.WasTold(budget.Key, number))
                {
                    Violated("alerts", $"forgot alert {number}, which nobody was told", budget.Id);
                }
            }
        }
    }

    /// <summary>The entries tell how every balance that is stored came about: each is in the log or in the state, once, and they add up.</summary>
    public void CheckEntries()
    {
        foreach (var budget in _budgets.Values)
        {
            var history = new LedgerHistory(budget.Record);
            var replay = new LedgerReplay();
            foreach (var logged in _world.LedgerLog.Of(budget.Id))
            {
                if (history.Take(logged) is { } entry)
                {
                    replay.Take(entry);
                }
            }

            if (history.Next > history.Last + 1)
            {
                Violated("P2", $"has {history.Next - history.Last - 1} entries in the log that were never stored", budget.Id);
            }

            foreach (var entry in history.TakeRest())
            {
                replay.Take(entry);
            }

            foreach (var problem in history.Problems.Concat(LedgerComparer.Compare(budget.Record.ToState(), replay)))
            {
                Violated("P2", $"has entries that contradict its state: {problem}", budget.Id);
            }
        }
    }

    /// <summary>What an account can still spend on an endpoint when nothing is in flight, by the tightest of all caps above it.</summary>
    public long? LeftOf(AccountId account, EndpointId endpoint) =>
        _world.Model.BudgetsOf(account, endpoint).Min(budget => LeftOf(_budgets[budget.Key.ToString()], budget.BeneficiaryOf(account)));

    private long? LeftOf(AuditedBudget budget, string beneficiary)
    {
        var held = budget.Record.Unconfirmed.Select(u => u.AttemptId).ToHashSet(StringComparer.Ordinal);
        var exposed = ExposedAtRest(budget);
        long? least = null;
        foreach (var cap in budget.Caps.Where(c => c.Hard))
        {
            var since = WindowStart(cap) - LateReports;
            var left = cap.Limit.Nanos - exposed - Kept(cap, beneficiary) - budget.Attempts
                .Where(a => (!a.Called || a.At >= since) && !(a.IsUnwritten && held.Contains(Lease.ExposureAttempt(a.LeaseId))))
                .Sum(a => budget.Closed.Contains(a.LeaseId) && !held.Contains(a.Id) ? a.Bill : a.MostHeld);
            var sure = SureOf(budget, cap, beneficiary) - exposed;
            if (sure > 0 && sure >= left)
            {
                coverage.Note(Seen.OnlyTheFloorIsLeft);
            }

            least = Math.Min(Math.Max(left, sure), least ?? long.MaxValue);
        }

        return least;
    }

    /// <summary>What is left of a beneficiary's floor, whatever others have spent.</summary>
    private static long SureOf(AuditedBudget budget, WindowCap cap, string beneficiary)
    {
        var floor = cap.Floors.Where(f => f.Beneficiary == beneficiary).Sum(f => f.Amount.Nanos);
        return floor - budget.Overrun - budget.Attempts.Where(a => !a.Called || a.Beneficiary == beneficiary).Sum(a => a.MostHeld);
    }

    /// <summary>What others may be sure of, even if they have spent some of it.</summary>
    private static long Kept(WindowCap cap, string beneficiary) => cap.Floors.Where(f => f.Beneficiary != beneficiary).Sum(f => f.Amount.Nanos);

    private void CheckHeld(AuditedBudget budget, string attemptId, long lower, long upper)
    {
        if (LostUnder(budget, attemptId) is { } lost)
        {
            CheckLost(budget, lost, attemptId, lower, upper);
            return;
        }

        if (budget.Find(attemptId) is not { } attempt)
        {
            Violated("P2", $"holds attempt {attemptId}, which never was", budget.Id);
            return;
        }

        if (attempt.Promised is JournalEntryKind.Settle or JournalEntryKind.Void || attempt.EndIsKnown)
        {
            Violated("P2", $"holds attempt {attemptId}, whose end ({attempt.End}) is known", budget.Id);
        }

        if (attempt.Bill < lower || attempt.Bill > upper + attempt.Overrun)
        {
            Violated("P2", $"holds attempt {attemptId} at {lower} to {upper}, but it is billed {attempt.Bill}", budget.Id);
        }
    }
}
