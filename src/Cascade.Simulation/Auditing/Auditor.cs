using System.Globalization;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Simulation.Core;
using Cascade.Simulation.World;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.Auditing;

/// <summary>A promise that did not hold.</summary>
/// <param name="Promise">Which one.</param>
/// <param name="Account">Whose money.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="At">True time.</param>
internal sealed record Violation(string Promise, string Account, string Text, TimeSpan At)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Promise} at {At.TotalSeconds:0.000} s: {Account} {Text}");
}

/// <summary>
/// Measures the budgets by what the provider really bills and by what is really stored. It reads stored records as data, and shares no
/// arithmetic with the ledger. The first violation is kept; it ends the run.
/// </summary>
internal sealed partial class Auditor(SimLoop loop, SimTrace trace, Coverage coverage)
{
    private readonly Dictionary<string, AuditedAccount> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AuditedAccount> _accountOf = new(StringComparer.Ordinal);
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
        foreach (var account in world.Accounts)
        {
            _accounts[account.Id.Value] = new AuditedAccount(account.Id.Value, account.Caps);
        }
    }

    public AuditedAccount Of(string account) => _accounts[account];

    public void Violated(string promise, string text, string account = "")
    {
        if (Found is null)
        {
            Found = new Violation(promise, account, text, loop.Now);
            trace.Note(loop.Now, "VIOLATION", promise, $"{account} {text}");
        }
    }

    /// <summary>An intent has become durable.</summary>
    public void IntentStored(JournalKey key, JournalEntry intent)
    {
        var account = _accounts[key.Account];
        var attempt = account.FindOrAdd(intent.AttemptId, key.LeaseId, intent.UpperNanos);
        (attempt.LeaseId, attempt.Upper) = (key.LeaseId, intent.UpperNanos);
        if (account.Closed.Contains(key.LeaseId))
        {
            Violated("P1", $"attempt {intent.AttemptId} got its intent into lease {key.LeaseId}, which was closed", key.Account);
        }
    }

    /// <summary>A call is made, and with it its bill.</summary>
    public void Called(string account, string attemptId, string leaseId, long upper, CallFate fate, SimSilo silo)
    {
        var attempt = _accounts[account].Find(attemptId);
        if (attempt is null || attempt.LeaseId != leaseId || attempt.Upper != upper || attempt.Called)
        {
            Violated("P2", $"attempt {attemptId} is called without a durable intent under {leaseId}, or twice", account);
            return;
        }

        _accountOf[attemptId] = _accounts[account];
        attempt.Called = true;
        attempt.Silo = silo;
        attempt.At = loop.Now;
        attempt.Bill = fate.Bill;
        attempt.End = fate.End;
        trace.Note(loop.Now, "called", attemptId, fate.End.ToString(), fate.Bill);
    }

    /// <summary>The silo that made a call hears of its end.</summary>
    public void Ended(string attemptId)
    {
        if (_accountOf.TryGetValue(attemptId, out var account))
        {
            account.Find(attemptId)!.Ended = true;
        }
    }

    /// <summary>An agent was told that the end of a call is durable.</summary>
    public void EndPromised(string account, string attemptId, JournalEntryKind kind)
    {
        if (_accounts[account].Find(attemptId) is { } attempt)
        {
            attempt.Promised = kind;
        }
    }

    /// <summary>A ledger has become durable.</summary>
    public void Stored(string accountId, LedgerRecord record)
    {
        var account = _accounts[accountId];
        var now = record.Leases.Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var lease in account.Record.Leases.Where(l => !now.Contains(l.Id)))
        {
            account.Closed.Add(lease.Id);
            NoteClosed(lease);
        }

        NoteState(account.Record, record);
        account.Record = record;
        CheckCaps(account);
        CheckRecord(account);
    }

    /// <summary>Checks every account by what is true now.</summary>
    public void Check()
    {
        foreach (var account in _accounts.Values)
        {
            CheckCaps(account);
        }
    }

    /// <summary>A call to a desk ended with an exception.</summary>
    public void DeskFailed(string account, Exception fault)
    {
        if (fault is not (OrleansException or CascadeException or TimeoutException) || fault.Message.Contains("contradicts itself", StringComparison.Ordinal))
        {
            Violated("desk", fault.ToString(), account);
        }
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
    }
}
