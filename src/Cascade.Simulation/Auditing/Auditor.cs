using System.Globalization;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Simulation.Core;
using Cascade.Simulation.World;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.Auditing;

/// <summary>A promise that did not hold.</summary>
/// <param name="Promise">Which one.</param>
/// <param name="Budget">Whose money.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="At">True time.</param>
internal sealed record Violation(string Promise, string Budget, string Text, TimeSpan At)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Promise} at {At.TotalSeconds:0.000} s: {Budget} {Text}");
}

/// <summary>
/// Measures the budgets by what the provider really bills and by what is really stored. It reads stored records as data, and shares no
/// arithmetic with the ledger. The first violation is kept; it ends the run.
/// </summary>
internal sealed partial class Auditor(SimLoop loop, SimTrace trace, Coverage coverage)
{
    private readonly Dictionary<string, AuditedBudget> _budgets = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AuditedAttempt[]> _calls = new(StringComparer.Ordinal);
    private SimWorld _world = null!;

    public Violation? Found { get; private set; }

    /// <summary>Whether alarms of the audited code are ignored, to see that the audit needs none.</summary>
    public bool IsDeaf { get; set; }

    public void Alarmed(string text)
    {
        if (!IsDeaf)
        {
            Violated("log", text);
        }
    }

    public void Open(SimWorld world)
    {
        _world = world;
        foreach (var budget in world.Budgets)
        {
            _budgets[budget.Key.ToString()] = new AuditedBudget(budget.Key, budget.Caps);
        }
    }

    public AuditedBudget Of(BudgetKey budget) => _budgets[budget.ToString()];

    public void Violated(string promise, string text, string budget = "")
    {
        if (Found is null)
        {
            Found = new Violation(promise, budget, text, loop.Now);
            trace.Note(loop.Now, "VIOLATION", promise, $"{budget} {text}");
        }
    }

    /// <summary>An intent has become durable.</summary>
    public void IntentStored(JournalKey key, JournalEntry intent)
    {
        var budget = _budgets[key.Account];
        var attempt = budget.FindOrAdd(intent.AttemptId, key.LeaseId, intent.UpperNanos);
        (attempt.LeaseId, attempt.Upper, attempt.HasIntent) = (key.LeaseId, intent.UpperNanos, true);
        if (budget.Closed.Contains(key.LeaseId))
        {
            Violated("P1", $"attempt {intent.AttemptId} got its intent into lease {key.LeaseId}, which was closed", key.Account);
        }
    }

    /// <summary>The end of a call has become durable.</summary>
    public void EndStored(JournalKey key, JournalEntry end)
    {
        if (_budgets[key.Account].Find(end.AttemptId) is { } attempt && attempt.LeaseId == key.LeaseId)
        {
            attempt.HasEnd = true;
        }
    }

    /// <summary>A call is made, and with it its bill, which every budget of its path has to pay.</summary>
    public void Called(Hold hold, EndpointId endpoint, CallFate fate, SimSilo silo)
    {
        var expected = _world.Model.BudgetsOf(hold.Account, endpoint).Select(b => b.Key);
        if (!expected.SequenceEqual(hold.Sessions.ToArray().Select(s => s.Purse.Budget)))
        {
            Violated("P1", $"attempt {hold.AttemptId} is not paid by every budget of its path");
        }

        _calls[hold.AttemptId] = [.. hold.Sessions.ToArray().Select(session => Called(session, hold, fate, silo)).OfType<AuditedAttempt>()];
        trace.Note(loop.Now, "called", hold.AttemptId, fate.End.ToString(), fate.Bill);
    }

    /// <summary>The silo that made a call hears of its end.</summary>
    public void Ended(string attemptId)
    {
        foreach (var attempt in _calls.GetValueOrDefault(attemptId, []))
        {
            attempt.Ended = true;
        }
    }

    /// <summary>An agent was told that the end of a call is durable.</summary>
    public void EndPromised(string budget, string attemptId, JournalEntryKind kind)
    {
        if (_budgets[budget].Find(attemptId) is { } attempt)
        {
            attempt.Promised = kind;
            if (!attempt.Called)
            {
                coverage.Note(Seen.IntentGivenUp);
            }
        }
    }

    /// <summary>A ledger has become durable.</summary>
    public void Stored(string name, LedgerRecord record)
    {
        var budget = _budgets[name];
        var now = record.Leases.Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var lease in budget.Record.Leases.Where(l => !now.Contains(l.Id)))
        {
            budget.Closed.Add(lease.Id);
            NoteClosed(lease);
        }

        foreach (var lease in record.Leases)
        {
            budget.Exposures[lease.Id] = Math.Max(lease.ExposureNanos, budget.Exposures.GetValueOrDefault(lease.Id));
        }

        foreach (var held in record.Unconfirmed.Where(u => LostUnder(budget, u.AttemptId) is not null))
        {
            budget.HeldExposures[held.AttemptId] = held.UpperNanos;
        }

        NoteState(budget.Record, record);
        budget.Record = record;
        CheckCaps(budget);
        CheckRecord(budget);
    }

    /// <summary>Checks every budget by what is true now.</summary>
    public void Check()
    {
        foreach (var budget in _budgets.Values)
        {
            CheckCaps(budget);
        }
    }

    /// <summary>A call to a desk ended with an exception.</summary>
    public void DeskFailed(string budget, Exception fault)
    {
        if (fault is not (OrleansException or CascadeException or TimeoutException) || fault.Message.Contains("contradicts itself", StringComparison.Ordinal))
        {
            Violated("desk", fault.ToString(), budget);
        }
    }

    private AuditedAttempt? Called(LeaseSession session, Hold hold, CallFate fate, SimSilo silo)
    {
        var budget = session.Purse.Budget.ToString();
        var leaseId = session.Book.LeaseId;
        var attempt = _budgets[budget].FindOrAdd(hold.AttemptId, leaseId, hold.Nanos);
        if (attempt.LeaseId != leaseId || attempt.Upper != hold.Nanos || attempt.Called)
        {
            Violated("P2", $"attempt {hold.AttemptId} is called with another intent than that under {leaseId}, or twice", budget);
            return null;
        }

        attempt.Called = true;
        CheckExposure(_budgets[budget], attempt);
        attempt.Beneficiary = session.Purse.Beneficiary;
        attempt.Silo = silo;
        attempt.At = loop.Now;
        attempt.Bill = fate.Bill;
        attempt.End = fate.End;
        return attempt;
    }

    private void NoteClosed(LeaseRecord lease)
    {
        var holder = _world.SiloOf(lease.Holder);
        if (holder.Context.IsDead)
        {
            coverage.Note(Seen.LeaseReclaimedFromDeadSilo);
        }
        else if (lease.ExpiresAt < _world.Epoch + loop.Now - SimWorld.MostSkew)
        {
            coverage.Note(Seen.LeaseReclaimedAfterExpiry);
        }
    }

    private void NoteState(LedgerRecord before, LedgerRecord after)
    {
        if (after.Leases.GroupBy(l => _world.SiloOf(l.Holder)).Any(g => g.Count() > 1))
        {
            coverage.Note(Seen.SeveralLeasesOfOneSilo);
        }

        var rolled = before.Windows.Any(b => after.Windows.Any(a => a.Window == b.Window && a.Start > b.Start));
        if (rolled && before.Leases.Length > 0)
        {
            coverage.Note(Seen.WindowRolledWithOpenLeases);
        }

        const int rolling = (int)WindowKind.Rolling;
        if (before.Windows.Where(w => w.Window == rolling).Sum(w => w.SettledNanos) > after.Windows.Where(w => w.Window == rolling).Sum(w => w.SettledNanos))
        {
            coverage.Note(Seen.RollingWindowForgot);
        }
    }
}
