using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.TestKit.Auditing;

namespace Cascade.Tests.Budgets;

/// <summary>
/// Runs a random history against a ledger and its auditor: several holders and beneficiaries, caps of every kind and mode, late and stale
/// news, clocks that jump both ways. The entries are replayed on the way. A test may put a faulty ledger in the place of the real one.
/// </summary>
internal sealed class LedgerScript(Func<LedgerState, LedgerCommand, DateTimeOffset, LedgerOutcome>? apply = null)
{
    private const int ReplayEvery = 7;
    private const string Child = "acme/search";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly LedgerAuditor _auditor = new();
    private readonly List<LedgerCommand> _sent = [];
    private readonly List<LeaseTotals> _reported = [];
    private readonly List<string> _attempts = [];
    private readonly List<LedgerEntry> _entries = [];
    private DateTimeOffset _now = new(2026, 3, 6, 22, 0, 0, TimeSpan.Zero);
    private LedgerState _state = LedgerState.Empty;

    public Dictionary<string, int> Seen { get; } = [];

    public LedgerState State => _state;

    public IReadOnlyList<LedgerEntry> Entries => _entries;

    public static string? FirstProblem(LedgerMove[] history) => new LedgerScript().Run(history);

    public string? Run(LedgerMove[] history)
    {
        Send(new SetCaps { OperationId = "first", Caps = [new WindowCap { Window = WindowKind.Day, Limit = new Money(100) }, Rolling(200)] });
        for (var i = 0; i < history.Length; i++)
        {
            MoveClock(history[i].Clock);
            if (Send(Command(history[i], $"op-{i}")) is { } problem)
            {
                return $"step {i} at {_now:u}: {_sent[^1]}: {problem}";
            }
        }

        return Differences();
    }

    private string? Differences()
    {
        var differences = LedgerComparer.Compare(_state, LedgerReplay.Of(_entries));
        return differences.IsEmpty ? null : $"replay: {string.Join("; ", differences)}";
    }

    private string? Send(LedgerCommand command)
    {
        var before = _state;
        var outcome = apply is null ? Ledger.Apply(before, command, _now) : apply(before, command, _now);
        _sent.Add(command);
        _state = outcome.Next;
        _entries.AddRange(outcome.Entries);
        Count(before, command, outcome);
        var problems = _auditor.Observe(before, command, _now, outcome);
        return problems.Count > 0 ? string.Join("; ", problems) : _sent.Count % ReplayEvery == 0 ? Differences() : null;
    }

    private void MoveClock(int choice) => _now += choice switch
    {
        0 => TimeSpan.FromDays(1),
        1 => TimeSpan.FromHours(3),
        2 => TimeSpan.FromHours(-5),
        3 => TimeSpan.FromDays(8),
        4 => TimeSpan.FromDays(-2),
        < 10 => TimeSpan.FromMinutes(choice),
        _ => TimeSpan.Zero,
    };

    private LedgerCommand Command(LedgerMove move, string id) => move.Kind switch
    {
        < 6 => Caps(move, id),
        < 38 => Grant(move, id),
        < 66 => Report(move, id),
        < 73 => new CloseLease { OperationId = id, Totals = Totals(move), Clean = move.A % 3 == 0, Overrun = new Money(move.B % 4 == 0 ? move.C % 9 : 0) },
        < 81 => new Reconcile { OperationId = id, AttemptId = Held(move) ?? "nobody", Cost = new Money(move.B), Folded = move.C % 3 == 0 },
        < 86 => Override(move, id),
        < 88 => new EndOverride { OperationId = id, OverrideId = AnyOverride() ?? "nothing", Author = "bob" },
        < 95 => _sent[move.A % _sent.Count],
        _ => Altered(_sent[move.A % _sent.Count], move),
    };

    private string? Held(LedgerMove move) =>
        Pick([.. _state.Unconfirmed.Keys.Order(StringComparer.Ordinal).Concat(_attempts.Take(1))], move.A);

    private string? AnyOverride() => _state.Windows.SelectMany(w => w.Overrides).Select(o => o.Id).Order(StringComparer.Ordinal).FirstOrDefault();

    private SetOverride Override(LedgerMove move, string id)
    {
        var window = _state.Windows.IsEmpty ? null : _state.Windows[move.B % _state.Windows.Length];
        return new SetOverride
        {
            OperationId = id,
            Cap = window?.Cap.Key ?? new CapKey(WindowKind.Day, TimeSpan.Zero, "UTC", CapMode.Hard),
            Override = new CapOverride
            {
                Id = $"override-{move.Who}",
                Change = new Money((move.A * 3) - 40),
                ExpiresAt = _now.AddHours(move.C + 1),
                Author = "ann",
                Reason = "launch day",
            },
        };
    }

    private static SetCaps Caps(LedgerMove move, string id)
    {
        WindowKind[] kinds = [WindowKind.Hour, WindowKind.Day, WindowKind.Week, WindowKind.Month, WindowKind.Total, WindowKind.Rolling];
        CapMode[] modes = [CapMode.Hard, CapMode.Observe, CapMode.Soft, CapMode.Hard];
        var kind = kinds[move.B % kinds.Length];
        var first = new WindowCap
        {
            Window = WindowKind.Day,
            Limit = new Money(40 + (move.A * 3)),
            Floors = move.C % 2 == 0 ? [new CapFloor(Child, new Money(10 + (move.A % 3 * 15)))] : [],
        };
        var second = new WindowCap
        {
            Window = kind,
            Limit = new Money(10 + (move.C * 8)),
            TimeZone = "America/New_York",
            Mode = modes[move.C % modes.Length],
            Span = kind == WindowKind.Rolling ? TimeSpan.FromHours(1 + (move.A % 3 * 11)) : default,
            AlertPercents = move.A % 2 == 0 ? WindowCap.DefaultAlertPercents : [10, 120],
            Floors = modes[move.C % modes.Length] == CapMode.Hard && move.A % 4 == 0 ? [new CapFloor(Child, new Money(7)), new CapFloor("nobody", new Money(3))] : [],
        };
        return new SetCaps
        {
            OperationId = id,
            Caps = move.B % 5 == 0
                ? [first, first with { Mode = CapMode.Observe, Limit = new Money(30 + move.A), Floors = [] }, first with { Mode = CapMode.Soft, Floors = [] }]
                : [first, second, Rolling(60 + (move.B * 5))],
        };
    }

    private static WindowCap Rolling(long limit) => new() { Window = WindowKind.Rolling, Limit = new Money(limit), Span = TimeSpan.FromMinutes(30) };

    private static GrantLease Grant(LedgerMove move, string id) => new()
    {
        OperationId = id,
        LeaseId = $"lease-{id}",
        Holder = $"holder-{move.Who}",
        Beneficiary = (move.B % 5) switch { 0 or 1 => Child, 2 => "stranger", _ => "" },
        Exposure = new Money(move.C % 4 == 0 ? move.C : 0),
        Wanted = new Money(move.A + 5),
        Needed = new Money((move.B % 25) + 1),
        Lifetime = Lifetime,
    };

    private ReportUsage Report(LedgerMove move, string id) => new()
    {
        OperationId = id,
        // Now and then news that were sent before come again under a new name, out of order.
        Totals = move.C % 5 == 0 && _reported.Count > 0 ? _reported[move.A % _reported.Count] : Remember(Totals(move)),
        Lifetime = Lifetime,
    };

    private LeaseTotals Remember(LeaseTotals totals)
    {
        _reported.Add(totals);
        return totals;
    }

    private LeaseTotals Totals(LedgerMove move)
    {
        var leases = _state.Leases.Values.Where(l => l.Holder == $"holder-{move.Who}").OrderBy(l => l.Epoch).ToList();
        var lease = leases.Count == 0 ? null : leases[move.C % leases.Count];
        if (lease is null)
        {
            return new LeaseTotals { LeaseId = "lease-gone", Epoch = 1, Settled = new Money(move.A) };
        }

        var mine = _state.Unconfirmed.Where(e => e.Value.Epoch == lease.Epoch).OrderBy(e => e.Key, StringComparer.Ordinal).ToList();
        var unconfirmed = mine.Skip(move.B % 3).Select(e => new UnconfirmedCost(e.Key, e.Value.Lower, e.Value.Upper)).ToList();
        if (move.B % 2 == 0)
        {
            _attempts.Add($"attempt-{_attempts.Count}");
            unconfirmed.Add(new UnconfirmedCost(_attempts[^1], new Money(move.C % 3), new Money(3 + (move.C % 10)))
            {
                Endpoint = move.A % 2 == 0 ? "big" : "",
            });
        }

        var known = mine.Select(e => e.Key).Concat(lease.Ended.Keys.Order(StringComparer.Ordinal))
            .Where(a => unconfirmed.TrueForAll(u => u.AttemptId != a));
        var resolved = known.Take(move.C % 3).Select(a => new ResolvedCost(a, new Money(move.A % 7)) { Endpoint = "big" }).ToImmutableArray();
        var news = resolved.Sum(r => r.Cost.Nanos) + (move.A % 12);
        return new LeaseTotals
        {
            LeaseId = lease.Id,
            Epoch = lease.Epoch - (move.A == 7 ? 1 : 0),
            Settled = lease.Settled + new Money(news),
            Released = lease.Released + new Money(move.B % 4 == 1 ? move.C % 5 : 0),
            Requests = lease.Requests + (move.C % 4),
            Unconfirmed = [.. unconfirmed],
            Resolved = resolved,
            ByModel = move.B % 3 == 0 ? [] : [Used(lease, "big", news / 2), Used(lease, "mini", news - (news / 2) - 1 + (move.C % 3))],
        };
    }

    /// <summary>May say a little more or less than the money there is.</summary>
    private static ModelUsage Used(Lease lease, string endpoint, long news)
    {
        var known = lease.ByModel.FirstOrDefault(m => m.Endpoint == endpoint) ?? new ModelUsage { Endpoint = endpoint };
        return known with
        {
            Settled = known.Settled + new Money(Math.Max(0, news)),
            Attempts = known.Attempts + 1,
            Tokens = known.Tokens + new TokenCounts(news + 2, 1),
        };
    }

    private static LedgerCommand Altered(LedgerCommand command, LedgerMove move) => command switch
    {
        GrantLease grant => grant with { Wanted = grant.Wanted + new Money(1) },
        SetCaps caps => caps with { Caps = [.. caps.Caps.Take(1).Select(c => c with { Limit = c.Limit + new Money(1) })] },
        ReportUsage report => report with { Totals = report.Totals with { Settled = report.Totals.Settled + new Money(1 + move.B) } },
        CloseLease close => close with { Totals = close.Totals with { Requests = close.Totals.Requests + 1 } },
        Reconcile truth => truth with { Cost = truth.Cost + new Money(1) },
        SetOverride change => change with { Override = change.Override with { Reason = "another" } },
        EndOverride end => end with { Reason = "another" },
        _ => throw new InvalidOperationException($"no altered form of {command}"),
    };

    private static string? Pick(List<string> from, int index) => from.Count == 0 ? null : from[index % from.Count];

    private void Count(LedgerState before, LedgerCommand command, LedgerOutcome outcome)
    {
        Add($"{command.GetType().Name} {outcome.Result.Status}");
        foreach (var entry in outcome.Entries)
        {
            Add($"entry {entry.Kind}");
        }

        foreach (var window in outcome.Next.Windows)
        {
            Add($"{window.Cap.Mode} {window.Cap.Window}");
        }

        AddIf("all modes on one window", outcome.Next.Windows.Count(w => w.Cap.Window == WindowKind.Day && w.Cap.TimeZone == "UTC") == 3);
        AddIf("exposure held", outcome.Entries.Any(e => e.Kind == LedgerEntryKind.Held && e.AttemptId.StartsWith("exposure:", StringComparison.Ordinal)));
        AddIf("exposure of a clean closing", command is CloseLease { Clean: true } c && before.Leases.GetValueOrDefault(c.Totals.LeaseId)?.Exposure > Money.Zero);
        AddIf("a floor is kept", outcome.Result.Refusal is { } r2 && r2.Remaining < outcome.Next.Windows.Where(w => w.Cap.Hard).Min(w => w.Limit - w.Settled - HeldIn(outcome.Next, w)));
        AddIf("override expired", outcome.Entries.Any(e => e.Kind == LedgerEntryKind.OverrideEnded && e.Reason == "expired"));
        AddIf("over after an override", outcome.Next.Windows.Any(w => w.Excess > Money.Zero) && outcome.Entries.Any(e => e.Kind == LedgerEntryKind.OverrideEnded));
        AddIf("left a rolling window", before.Windows.Zip(outcome.Next.Windows).Any(w => w.First.Cap == w.Second.Cap
            && w.First.Cap.Window == WindowKind.Rolling && w.First.Parts.Length > w.Second.Parts.Length && !w.Second.Parts.IsEmpty));
        AddIf("old attempt booked to a rolling window", outcome.Entries.Any(e => e.Kind is LedgerEntryKind.Resolved or LedgerEntryKind.Reconciled
            && e.At < e.RecordedAt && outcome.Next.Windows.Any(w => w.Cap.Window == WindowKind.Rolling && w.Start <= e.At)));
        Add(outcome.Result.Status.ToString());
        AddIf("overrun", outcome.Next.Overrun > before.Overrun);
        AddIf("duplicate", before.Operations.Find(command.OperationId) is not null && outcome.Result.Status == LedgerStatus.Ok);
        AddIf("window rolled", before.Windows.Zip(outcome.Next.Windows).Any(w => w.First.Cap == w.Second.Cap && w.First.Start < w.Second.Start));
        AddIf("clock behind window", outcome.Next.Windows.Any(w => w.Start > _now));
        AddIf("cap below commitment", outcome.Next.Windows.Any(w => w.Cap.Hard && w.Excess > Money.Zero));
        AddIf("reconciled under an open lease", outcome.Next.Leases.Values.Any(l => l.ReconciledAway > Money.Zero));
        AddIf("top-up", command is GrantLease g && before.LeaseOf(g.Holder) is not null && outcome.Result.Status == LedgerStatus.Ok);
        AddIf("held after close", outcome.Next.Unconfirmed.Values.Any(e => !outcome.Next.Leases.ContainsKey(e.LeaseId)));
        AddIf("stale report", command is ReportUsage r && before.Leases.TryGetValue(r.Totals.LeaseId, out var l) && r.Totals.Settled < l.Settled);
        AddIf("resolved late", command is ReportUsage { Totals.Resolved.Length: > 0 } && outcome.Next.Unconfirmed.Count < before.Unconfirmed.Count);
    }

    private static Money HeldIn(LedgerState state, WindowState window) =>
        new(state.Unconfirmed.Values.Where(u => u.At >= window.Start).Sum(u => u.Upper.Nanos));

    private void AddIf(string what, bool happened)
    {
        if (happened)
        {
            Add(what);
        }
    }

    private void Add(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;
}
