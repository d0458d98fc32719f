using Cascade.Budgets;

namespace Cascade.TestKit.Auditing;

/// <summary>
/// Watches the commands to a ledger and its answers, writes down bare facts, and works out every balance anew from those facts alone.
/// Shares no code with the ledger but its types and the calendar. Not thread-safe.
/// </summary>
public sealed class LedgerAuditor
{
    private readonly Dictionary<string, (LedgerCommand Command, LedgerResult Result)> _operations = [];
    private readonly List<AuditedLease> _leases = [];
    private readonly List<AuditedBooking> _bookings = [];
    private readonly List<string> _problems = [];
    private List<AuditedWindow> _windows = [];
    private decimal _overrun;
    private long _requests;

    /// <summary>Takes note of a command and its outcome.</summary>
    /// <param name="before">The state the ledger was given.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">The instant.</param>
    /// <param name="outcome">What the ledger answered.</param>
    /// <returns>Everything the auditor disagrees with.</returns>
    public IReadOnlyList<string> Observe(LedgerState before, LedgerCommand command, DateTimeOffset now, LedgerOutcome outcome)
    {
        _problems.Clear();
        var status = outcome.Result.Status;
        if (_operations.TryGetValue(command.OperationId, out var first))
        {
            var expected = first.Command.Equals(command) ? first.Result.Status : LedgerStatus.OperationMismatch;
            Expect("status of a repeated operation", expected, status);
            Expect("state after a repeated operation is untouched", true, ReferenceEquals(before, outcome.Next));
            return [.. _problems];
        }

        if (!status.IsTransient())
        {
            _operations.Add(command.OperationId, (command, outcome.Result));
        }

        if (status == LedgerStatus.InvalidCommand)
        {
            Expect("invalid is due", false, command is Reconcile r && r.Cost >= Money.Zero && FindHeld(r.AttemptId) is not null);
            CompareAll(outcome.Next);
            return [.. _problems];
        }

        Roll(now);
        var windowsBefore = _windows.Select(Committed).ToArray();
        var totalBefore = CommittedForLife();
        Follow(command, now, outcome.Result);
        Excuse(command, windowsBefore, totalBefore);
        CheckCaps();
        CompareAll(outcome.Next);
        return [.. _problems];
    }

    private void Follow(LedgerCommand command, DateTimeOffset now, LedgerResult result)
    {
        switch (command)
        {
            case SetCaps caps:
                Expect("status", LedgerStatus.Ok, result.Status);
                FollowCaps(caps, now);
                break;
            case GrantLease grant:
                FollowGrant(grant, result);
                break;
            case ReportUsage report when FindLease(report.Totals, result) is { } lease:
                FollowTotals(lease, report.Totals, now);
                lease.TopReleased = Math.Max(lease.TopReleased, report.Totals.Released.Nanos);
                break;
            case CloseLease close when FindLease(close.Totals, result) is { } lease:
                FollowTotals(lease, close.Totals, now);
                FollowFinalList(lease, close.Totals);
                break;
            case Reconcile truth:
                FollowTruth(truth, result);
                break;
            default:
                break;
        }
    }

    private void FollowCaps(SetCaps command, DateTimeOffset now)
    {
        var clock = Clock(now);
        var windows = new List<AuditedWindow>();
        foreach (var cap in command.Caps)
        {
            var old = _windows.Find(w => w.Cap.Window == cap.Window && w.Cap.TimeZone == cap.TimeZone);
            var start = old?.Start ?? Calendar.StartOf(cap.Window, cap.TimeZone, clock);
            var seed = cap.Window == WindowKind.Total
                ? _bookings.Sum(b => b.Amount)
                : _windows.Where(w => w.Start >= start).Select(Settled).DefaultIfEmpty(0).Max();
            windows.Add(new AuditedWindow(cap) { Start = start, Seed = old is null ? seed : Settled(old), FirstBooking = _bookings.Count });
        }

        _windows = windows;
    }

    private void FollowGrant(GrantLease command, LedgerResult result)
    {
        var lease = _leases.Find(l => !l.Closed && l.Holder == command.Holder);
        var hard = _windows.Where(w => w.Cap.Hard).ToList();
        var open = _leases.Sum(l => l.Open);
        decimal needed = command.Needed.Nanos;
        decimal wanted = command.Wanted.Nanos;
        var left = hard.Count == 0 ? decimal.MaxValue : hard.Min(w => w.Cap.Limit.Nanos - Settled(w) - Held(w));
        if (hard.Count > 0 && left - open < needed)
        {
            Expect("status", left - (lease?.Open ?? 0) < needed ? LedgerStatus.CapReached : LedgerStatus.HeldByOthers, result.Status);
            Expect("remaining of the refusal", left, (decimal)(result.Refusal?.Remaining.Nanos ?? long.MinValue));
            return;
        }

        Expect("status", LedgerStatus.Ok, result.Status);
        if (lease is null)
        {
            lease = new AuditedLease(command.LeaseId, command.Holder, _leases.Count + 1);
            _leases.Add(lease);
        }

        var quarter = hard.Count == 0 ? wanted : decimal.Truncate((left - open) / 4);
        lease.Grants.Add(Math.Min(wanted, Math.Max(needed, quarter)));
    }

    private AuditedLease? FindLease(LeaseTotals totals, LedgerResult result)
    {
        var lease = _leases.Find(l => !l.Closed && l.Id == totals.LeaseId);
        var status = lease is null ? LedgerStatus.UnknownLease : lease.Epoch != totals.Epoch ? LedgerStatus.StaleEpoch : LedgerStatus.Ok;
        Expect("status", status, result.Status);
        return status == LedgerStatus.Ok ? lease : null;
    }

    private void FollowTotals(AuditedLease lease, LeaseTotals totals, DateTimeOffset now)
    {
        var clock = Clock(now);
        var news = Math.Max(0, totals.Settled.Nanos - lease.TopSettled);
        lease.TopSettled += news;
        foreach (var resolved in totals.Resolved)
        {
            var fact = lease.Attempts.GetValueOrDefault(resolved.AttemptId);
            var part = Math.Min(news, resolved.Cost.Nanos);
            if (fact?.Fate == AttemptFate.Held)
            {
                _bookings.Add(new AuditedBooking(part, fact.At));
                news -= part;
            }
            else if (fact?.Fate == AttemptFate.Reconciled && fact.Upper > 0)
            {
                news -= part;
            }

            lease.Attempts[resolved.AttemptId] = new AuditedAttempt { Fate = AttemptFate.Resolved };
        }

        _bookings.Add(new AuditedBooking(news, clock));
        _requests += Math.Max(0, totals.Requests - lease.TopRequests);
        lease.TopRequests = Math.Max(lease.TopRequests, totals.Requests);
        foreach (var named in totals.Unconfirmed)
        {
            if (!lease.Attempts.TryGetValue(named.AttemptId, out var fact))
            {
                fact = new AuditedAttempt { Lower = named.Lower.Nanos, At = clock, Fate = AttemptFate.Held };
                lease.Attempts.Add(named.AttemptId, fact);
            }

            if (fact.Fate == AttemptFate.Held)
            {
                fact.Lower = Math.Min(fact.Lower, named.Lower.Nanos);
                fact.Upper = Math.Max(fact.Upper, named.Upper.Nanos);
            }
        }
    }

    private static void FollowFinalList(AuditedLease lease, LeaseTotals totals)
    {
        lease.Closed = true;
        var final = totals.Unconfirmed.ToDictionary(u => u.AttemptId);
        foreach (var (id, fact) in lease.Attempts.Where(a => a.Value.Fate == AttemptFate.Held))
        {
            fact.Fate = final.ContainsKey(id) ? AttemptFate.Held : AttemptFate.Dropped;
            fact.Lower = final.TryGetValue(id, out var bounds) ? bounds.Lower.Nanos : 0;
            fact.Upper = final.ContainsKey(id) ? bounds.Upper.Nanos : 0;
        }
    }

    private void FollowTruth(Reconcile command, LedgerResult result)
    {
        var fact = FindHeld(command.AttemptId);
        Expect("status", fact is null ? LedgerStatus.InvalidCommand : LedgerStatus.Ok, result.Status);
        if (fact is not null)
        {
            fact.Fate = AttemptFate.Reconciled;
            _bookings.Add(new AuditedBooking(command.Cost.Nanos, fact.At));
        }
    }

    private AuditedAttempt? FindHeld(string attemptId) => _leases
        .Select(l => l.Attempts.GetValueOrDefault(attemptId))
        .FirstOrDefault(a => a?.Fate == AttemptFate.Held);

    private DateTimeOffset Clock(DateTimeOffset now) =>
        _windows.Select(w => w.Start).Concat(HeldAttempts().Select(a => a.At)).Append(now).Max();

    private void Roll(DateTimeOffset now)
    {
        var clock = Clock(now);
        foreach (var window in _windows)
        {
            var start = Calendar.StartOf(window.Cap.Window, window.Cap.TimeZone, clock);
            if (start > window.Start)
            {
                window.Start = start;
                window.Seed = 0;
            }

            window.Excuse = Math.Min(window.Excuse, Over(window));
        }
    }

    private void Excuse(LedgerCommand command, decimal[] windowsBefore, decimal totalBefore)
    {
        for (var i = 0; i < _windows.Count; i++)
        {
            var window = _windows[i];
            var allowed = command switch
            {
                SetCaps => decimal.MaxValue,
                GrantLease => window.Excuse,
                _ => window.Excuse + Math.Max(0, Committed(window) - windowsBefore[i]),
            };
            window.Excuse = Math.Min(allowed, Over(window));
        }

        _overrun += command is SetCaps or GrantLease ? 0 : Math.Max(0, CommittedForLife() - totalBefore);
    }

    private void CheckCaps()
    {
        foreach (var window in _windows.Where(w => w.Cap.Hard && Committed(w) > w.Cap.Limit.Nanos + w.Excuse))
        {
            _problems.Add($"{window.Cap.Window} has {Committed(window)} committed, its cap is {window.Cap.Limit.Nanos} and nothing excuses it");
        }
    }

    private decimal Settled(AuditedWindow window) =>
        window.Seed + _bookings.Skip(window.FirstBooking).Where(b => b.At >= window.Start).Sum(b => b.Amount);

    private decimal Held(AuditedWindow window) => HeldAttempts().Where(a => a.At >= window.Start).Sum(a => a.Upper);

    private decimal Committed(AuditedWindow window) => Settled(window) + Held(window) + _leases.Sum(l => l.Open);

    private decimal Over(AuditedWindow window) => Math.Max(0, Committed(window) - window.Cap.Limit.Nanos);

    private decimal CommittedForLife() => _bookings.Sum(b => b.Amount) + HeldAttempts().Sum(a => a.Upper) + _leases.Sum(l => l.Open);

    private IEnumerable<AuditedAttempt> HeldAttempts() =>
        _leases.SelectMany(l => l.Attempts.Values).Where(a => a.Fate == AttemptFate.Held);

    private void CompareAll(LedgerState state)
    {
        Expect("settled", _bookings.Sum(b => b.Amount), state.Settled.Nanos);
        Expect("overrun", _overrun, state.Overrun.Nanos);
        Expect("requests", _requests, state.Requests);
        Expect("next epoch", _leases.Count + 1L, state.NextEpoch);
        Expect("windows", _windows.Count, state.Windows.Length);
        foreach (var (mine, theirs) in _windows.Zip(state.Windows))
        {
            Expect($"start of {mine.Cap.Window}", mine.Start, theirs.Start);
            Expect($"settled of {mine.Cap.Window}", Settled(mine), theirs.Settled.Nanos);
        }

        var open = _leases.Where(l => !l.Closed).ToList();
        Expect("open leases", open.Count, state.Leases.Count);
        foreach (var lease in open.Where(l => state.Leases.ContainsKey(l.Id)))
        {
            Expect($"granted of {lease.Id}", lease.Grants.Sum(), state.Leases[lease.Id].Granted.Nanos);
            Expect($"open of {lease.Id}", lease.Open, state.Leases[lease.Id].Open.Nanos);
            Expect($"unconfirmed of {lease.Id}", lease.Held, state.Leases[lease.Id].Unconfirmed.Nanos);
        }

        Expect("held attempts", HeldAttempts().Count(), state.Unconfirmed.Count);
        Expect("held", HeldAttempts().Sum(a => a.Upper), state.Unconfirmed.Values.Sum(e => (decimal)e.Upper.Nanos));
        Expect("held at least", HeldAttempts().Sum(a => a.Lower), state.Unconfirmed.Values.Sum(e => (decimal)e.Lower.Nanos));
    }

    private void Expect<T>(string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            _problems.Add($"{what}: expected {expected}, actual {actual}");
        }
    }
}
