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
            Expect("entries of a repeated operation", 0, outcome.Entries.Length);
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
        FollowAlerts(outcome);
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
                // One command has one clock, even when it ends the attempt that keeps the clock from going back.
                var clock = Clock(now);
                FollowTotals(lease, close.Totals, now);
                FollowFinalList(lease, close, clock);
                break;
            case Reconcile truth:
                FollowTruth(truth, result);
                break;
            case SetOverride change:
                Expect("status", LedgerStatus.Ok, result.Status);
                FollowOverride(change);
                break;
            case EndOverride end:
                Expect("status", LedgerStatus.Ok, result.Status);
                ChangeLimit(_windows.Find(w => w.Overrides.Exists(o => o.Id == end.OverrideId)), w => w.Overrides.RemoveAll(o => o.Id == end.OverrideId));
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
            var same = _windows.Find(w => w.Cap.Key == cap.Key);
            var old = same ?? _windows.Find(w => w.Cap.Key.SameWindow(cap.Key));
            var start = old?.Start ?? new AuditedWindow(cap).StartAt(clock);
            var seed = cap.Window == WindowKind.Total
                ? _bookings.Sum(b => b.Amount)
                : _windows.Where(w => w.Start >= start).Select(Settled).DefaultIfEmpty(0).Max();
            var window = new AuditedWindow(cap)
            {
                Start = start,
                Seed = old?.Seed ?? new AuditedBooking(seed, clock),
                FirstBooking = old?.FirstBooking ?? _bookings.Count,
                Overrides = same?.Overrides ?? [],
                TopAlert = same?.TopAlert ?? 0,
                WouldRefuse = same?.WouldRefuse ?? 0,
                WouldRefuseAmount = same?.WouldRefuseAmount ?? 0,
            };
            foreach (var floor in cap.Floors)
            {
                window.FloorSince[floor.Beneficiary] = old?.FloorSince.GetValueOrDefault(floor.Beneficiary, _bookings.Count) ?? _bookings.Count;
            }

            if (same is not null && window.Limit > same.Limit)
            {
                window.TopAlert = Math.Min(window.TopAlert, ReachedOf(window));
            }

            windows.Add(window);
        }

        _windows = windows;
    }

    private void FollowOverride(SetOverride command) => ChangeLimit(_windows.Find(w => w.Cap.Key == command.Cap), window =>
    {
        window.Overrides.RemoveAll(o => o.Id == command.Override.Id);
        window.Overrides.Add(command.Override);
    });

    private void ChangeLimit(AuditedWindow? window, Action<AuditedWindow> change)
    {
        if (window is null)
        {
            return;
        }

        var before = window.Limit;
        change(window);
        if (window.Limit > before)
        {
            window.TopAlert = Math.Min(window.TopAlert, ReachedOf(window));
        }

        if (window.Limit < before)
        {
            window.Excuse = Over(window);
            window.FloorExcuse = OverWithFloors(window);
        }
    }

    private void FollowGrant(GrantLease command, LedgerResult result)
    {
        var lease = _leases.Find(l => !l.Closed && l.Holder == command.Holder && l.Beneficiary == command.Beneficiary);
        var own = lease?.Open ?? 0;
        var hard = _windows.Where(w => w.Cap.Mode == CapMode.Hard).ToList();
        decimal needed = command.Needed.Nanos;
        decimal wanted = command.Wanted.Nanos;
        if (hard.Exists(w => LeftNow(w, command.Beneficiary) < needed))
        {
            var never = hard.Where(w => LeftAtBest(w, command.Beneficiary) - own < needed).ToList();
            Expect("status", never.Count > 0 ? LedgerStatus.CapReached : LedgerStatus.HeldByOthers, result.Status);
            var left = never.Count > 0
                ? never.Min(w => LeftAtBest(w, command.Beneficiary))
                : LeftAtBest(hard.MinBy(w => LeftNow(w, command.Beneficiary))!, command.Beneficiary);
            Expect("remaining of the refusal", left, (decimal)(result.Refusal?.Remaining.Nanos ?? long.MinValue));
            return;
        }

        Expect("status", LedgerStatus.Ok, result.Status);
        var amount = wanted;
        foreach (var window in _windows.Where(w => w.Cap.Mode is CapMode.Hard or CapMode.Observe))
        {
            if (window.Cap.Mode == CapMode.Observe && LeftAtBest(window, command.Beneficiary) - own < needed)
            {
                window.WouldRefuse++;
                window.WouldRefuseAmount += needed;
                continue;
            }

            amount = Math.Min(amount, Math.Max(needed, decimal.Truncate(LeftNow(window, command.Beneficiary) / 4)));
        }

        if (lease is null)
        {
            lease = new AuditedLease(command.LeaseId, command.Holder, command.Beneficiary, _leases.Count + 1);
            _leases.Add(lease);
        }

        lease.Grants.Add(amount);
        lease.TopExposure = Math.Max(lease.TopExposure, command.Exposure.Nanos);
        Expect("exposure", lease.TopExposure, (decimal)(result.Lease?.Exposure.Nanos ?? -1));
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
                _bookings.Add(new AuditedBooking(part, fact.At, fact.Beneficiary));
                news -= part;
            }
            else if (fact?.Fate == AttemptFate.Reconciled && fact.Upper > 0)
            {
                news -= part;
            }

            lease.Attempts[resolved.AttemptId] = new AuditedAttempt { Fate = AttemptFate.Resolved };
        }

        _bookings.Add(new AuditedBooking(news, clock, lease.Beneficiary));
        _requests += Math.Max(0, totals.Requests - lease.TopRequests);
        lease.TopRequests = Math.Max(lease.TopRequests, totals.Requests);
        foreach (var named in totals.Unconfirmed)
        {
            if (!lease.Attempts.TryGetValue(named.AttemptId, out var fact))
            {
                fact = new AuditedAttempt { Lower = named.Lower.Nanos, At = clock, Beneficiary = lease.Beneficiary, Fate = AttemptFate.Held };
                lease.Attempts.Add(named.AttemptId, fact);
            }

            if (fact.Fate == AttemptFate.Held)
            {
                fact.Lower = Math.Min(fact.Lower, named.Lower.Nanos);
                fact.Upper = Math.Max(fact.Upper, named.Upper.Nanos);
            }
        }
    }

    private static void FollowFinalList(AuditedLease lease, CloseLease command, DateTimeOffset clock)
    {
        var final = command.Totals.Unconfirmed.ToDictionary(u => u.AttemptId);
        foreach (var (id, fact) in lease.Attempts.Where(a => a.Value.Fate == AttemptFate.Held))
        {
            fact.Fate = final.ContainsKey(id) ? AttemptFate.Held : AttemptFate.Dropped;
            fact.Lower = final.TryGetValue(id, out var bounds) ? bounds.Lower.Nanos : 0;
            fact.Upper = final.ContainsKey(id) ? bounds.Upper.Nanos : 0;
        }

        var lost = command.Clean ? 0 : Math.Min(lease.TopExposure, lease.Rest + command.Overrun.Nanos);
        lease.Closed = true;
        if (lost > 0)
        {
            lease.Attempts["exposure:" + lease.Id] =
                new AuditedAttempt { Upper = lost, At = clock, Beneficiary = lease.Beneficiary, Fate = AttemptFate.Held };
        }
    }

    private void FollowTruth(Reconcile command, LedgerResult result)
    {
        var fact = FindHeld(command.AttemptId);
        Expect("status", fact is null ? LedgerStatus.InvalidCommand : LedgerStatus.Ok, result.Status);
        if (fact is not null)
        {
            fact.Fate = AttemptFate.Reconciled;
            _bookings.Add(new AuditedBooking(command.Cost.Nanos, fact.At, fact.Beneficiary));
        }
    }

    private AuditedAttempt? FindHeld(string attemptId) => _leases
        .Select(l => l.Attempts.GetValueOrDefault(attemptId))
        .FirstOrDefault(a => a?.Fate == AttemptFate.Held);

    private DateTimeOffset Clock(DateTimeOffset now) =>
        _windows.Select(w => w.EarliestNow).Concat(HeldAttempts().Select(a => a.At)).Append(now).Max();

    private void Roll(DateTimeOffset now)
    {
        var clock = Clock(now);
        foreach (var window in _windows)
        {
            var start = window.StartAt(clock);
            if (start > window.Start)
            {
                window.Start = start;
                window.TopAlert = window.Cap.Window == WindowKind.Rolling ? window.TopAlert : 0;
            }
        }

        foreach (var window in _windows)
        {
            var before = window.Limit;
            window.Overrides.RemoveAll(o => o.ExpiresAt <= clock);
            var fell = window.Limit < before;
            window.Excuse = fell ? Over(window) : Math.Min(window.Excuse, Over(window));
            window.FloorExcuse = fell ? OverWithFloors(window) : Math.Min(window.FloorExcuse, OverWithFloors(window));
        }
    }

    private void Excuse(LedgerCommand command, decimal[] windowsBefore, decimal totalBefore)
    {
        for (var i = 0; i < _windows.Count; i++)
        {
            var window = _windows[i];
            var grown = command is SetCaps ? 0 : Math.Max(0, Committed(window) - windowsBefore[i]);
            window.Excuse = Allowed(command, window.Excuse, grown, Over(window));
            window.FloorExcuse = Allowed(command, window.FloorExcuse, grown, OverWithFloors(window));
        }

        _overrun += command is SetCaps or GrantLease ? 0 : Math.Max(0, CommittedForLife() - totalBefore);
    }

    private static decimal Allowed(LedgerCommand command, decimal excuse, decimal grown, decimal over) => Math.Min(
        over, command switch
        {
            SetCaps => over,
            GrantLease => excuse,
            _ => excuse + grown,
        });

    private void CheckCaps()
    {
        foreach (var window in _windows.Where(w => w.Cap.Mode == CapMode.Hard))
        {
            if (Committed(window) > window.Limit + window.Excuse)
            {
                _problems.Add($"{window.Cap.Key} has {Committed(window)} committed, its limit is {window.Limit} and nothing excuses it");
            }

            if (OverWithFloors(window) > window.FloorExcuse)
            {
                _problems.Add($"{window.Cap.Key} has {Committed(window)} committed, so its floors are not there any more");
            }

            foreach (var floor in window.Cap.Floors.Where(_ => window.FloorExcuse == 0))
            {
                Expect($"{floor.Beneficiary} can have its floor", true, LeftNow(window, floor.Beneficiary) >= KeptFor(window, floor, withLeases: true));
            }
        }
    }

    private void FollowAlerts(LedgerOutcome outcome)
    {
        var due = new List<string>();
        foreach (var window in _windows)
        {
            var level = Settled(window) + Held(window);
            if (window.Cap.Window == WindowKind.Rolling)
            {
                window.TopAlert = window.Cap.AlertPercents
                    .Where(p => p <= window.TopAlert && level >= window.Limit * p / 100 * 0.9m)
                    .DefaultIfEmpty(0)
                    .Max();
            }

            foreach (var percent in window.Cap.AlertPercents.Where(p => p > window.TopAlert && level > 0 && level >= window.Limit * p / 100))
            {
                due.Add($"{window.Cap.Key} {percent} at {level}");
                window.TopAlert = percent;
            }
        }

        var told = outcome.Entries.Where(e => e.Kind == LedgerEntryKind.Alerted)
            .Select(e => $"{new CapKey(e.Window, e.Span, e.TimeZone, e.Mode)} {e.Percent} at {e.Amount.Nanos}");
        Expect("alerts", string.Join("; ", due), string.Join("; ", told));
    }

    private int ReachedOf(AuditedWindow window)
    {
        var level = Settled(window) + Held(window);
        return window.Cap.AlertPercents.Where(p => level > 0 && level >= window.Limit * p / 100).DefaultIfEmpty(0).Max();
    }

    private decimal LeftAtBest(AuditedWindow window, string beneficiary) =>
        window.Limit - Settled(window) - Held(window) - KeptFromOthers(window, beneficiary, withLeases: false);

    private decimal LeftNow(AuditedWindow window, string beneficiary) =>
        window.Limit - Committed(window) - KeptFromOthers(window, beneficiary, withLeases: true);

    private decimal KeptFromOthers(AuditedWindow window, string beneficiary, bool withLeases) =>
        window.Cap.Floors.Where(f => f.Beneficiary != beneficiary).Sum(f => KeptFor(window, f, withLeases));

    private decimal KeptFor(AuditedWindow window, CapFloor floor, bool withLeases)
    {
        var spent = _bookings.Skip(window.FloorSince[floor.Beneficiary])
            .Where(b => b.Beneficiary == floor.Beneficiary && b.At >= window.Start)
            .Sum(b => b.Amount);
        var held = HeldAttempts().Where(a => a.Beneficiary == floor.Beneficiary && a.At >= window.Start).Sum(a => a.Upper);
        var leased = withLeases ? _leases.Where(l => l.Beneficiary == floor.Beneficiary).Sum(l => l.Open) : 0;
        return Math.Max(0, floor.Amount.Nanos - spent - held - leased);
    }

    private decimal OverWithFloors(AuditedWindow window) =>
        Math.Max(0, Committed(window) + window.Cap.Floors.Sum(f => KeptFor(window, f, withLeases: true)) - window.Limit);

    private decimal Settled(AuditedWindow window) =>
        (window.Seed.At >= window.Start ? window.Seed.Amount : 0) + _bookings.Skip(window.FirstBooking).Where(b => b.At >= window.Start).Sum(b => b.Amount);

    private decimal Held(AuditedWindow window) => HeldAttempts().Where(a => a.At >= window.Start).Sum(a => a.Upper);

    private decimal Committed(AuditedWindow window) => Settled(window) + Held(window) + _leases.Sum(l => l.Open);

    private decimal Over(AuditedWindow window) => Math.Max(0, Committed(window) - window.Limit);

    private decimal CommittedForLife() => _bookings.Sum(b => b.Amount) + HeldAttempts().Sum(a => a.Upper) + _leases.Sum(l => l.Open);

    private IEnumerable<AuditedAttempt> HeldAttempts() =>
        _leases.SelectMany(l => l.Attempts.Values).Where(a => a.Fate == AttemptFate.Held);

    private void CompareAll(LedgerState state)
    {
        Expect("settled", _bookings.Sum(b => b.Amount), state.Settled.Nanos);
        Expect("settled by endpoint", _bookings.Sum(b => b.Amount), state.ByModel.Sum(m => (decimal)m.Settled.Nanos));
        Expect("overrun", _overrun, state.Overrun.Nanos);
        Expect("requests", _requests, state.Requests);
        Expect("next epoch", _leases.Count + 1L, state.NextEpoch);
        Expect("windows", _windows.Count, state.Windows.Length);
        foreach (var (mine, theirs) in _windows.Zip(state.Windows))
        {
            Expect($"start of {mine.Cap.Key}", mine.Start, theirs.Start);
            Expect($"settled of {mine.Cap.Key}", Settled(mine), theirs.Settled.Nanos);
            Expect($"limit of {mine.Cap.Key}", mine.Limit, theirs.Limit.Nanos);
            Expect($"refusals of {mine.Cap.Key}", (mine.WouldRefuse, mine.WouldRefuseAmount), (theirs.WouldRefuse, theirs.WouldRefuseAmount.Nanos));
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
