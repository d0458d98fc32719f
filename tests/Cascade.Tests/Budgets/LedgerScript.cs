using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.TestKit.Auditing;

namespace Cascade.Tests.Budgets;

/// <summary>Runs a random history against a ledger and its auditor: several holders, late and stale news, clocks that jump both ways.</summary>
internal sealed class LedgerScript
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private readonly LedgerAuditor _auditor = new();
    private readonly List<LedgerCommand> _sent = [];
    private readonly List<LeaseTotals> _reported = [];
    private readonly List<string> _attempts = [];
    private DateTimeOffset _now = new(2026, 3, 6, 22, 0, 0, TimeSpan.Zero);
    private LedgerState _state = LedgerState.Empty;

    public Dictionary<string, int> Seen { get; } = [];

    public static string? FirstProblem(LedgerMove[] history) => new LedgerScript().Run(history);

    public string? Run(LedgerMove[] history)
    {
        Send(new SetCaps { OperationId = "first", Caps = [new WindowCap { Window = WindowKind.Day, Limit = new Money(100) }] });
        for (var i = 0; i < history.Length; i++)
        {
            MoveClock(history[i].Clock);
            if (Send(Command(history[i], $"op-{i}")) is { } problem)
            {
                return $"step {i} at {_now:u}: {_sent[^1]}: {problem}";
            }
        }

        return null;
    }

    private string? Send(LedgerCommand command)
    {
        var before = _state;
        var outcome = Ledger.Apply(before, command, _now);
        _sent.Add(command);
        _state = outcome.Next;
        Count(before, command, outcome);
        var problems = _auditor.Observe(before, command, _now, outcome);
        return problems.Count == 0 ? null : string.Join("; ", problems);
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
        < 5 => Caps(move, id),
        < 40 => Grant(move, id),
        < 70 => Report(move, id),
        < 78 => new CloseLease { OperationId = id, Totals = Totals(move) },
        < 87 => new Reconcile { OperationId = id, AttemptId = Pick(_attempts, move.A) ?? "nobody", Cost = new Money(move.B) },
        < 94 => _sent[move.A % _sent.Count],
        _ => Altered(_sent[move.A % _sent.Count], move),
    };

    private static SetCaps Caps(LedgerMove move, string id)
    {
        WindowKind[] kinds = [WindowKind.Hour, WindowKind.Day, WindowKind.Week, WindowKind.Month, WindowKind.Total];
        var caps = ImmutableArray.CreateBuilder<WindowCap>();
        caps.Add(new WindowCap { Window = WindowKind.Day, Limit = new Money(40 + (move.A * 3)) });
        caps.Add(new WindowCap { Window = kinds[move.B % 5], Limit = new Money(move.C * 8), TimeZone = "America/New_York", Hard = move.C % 3 > 0 });
        return new SetCaps { OperationId = id, Caps = caps.ToImmutable() };
    }

    private static GrantLease Grant(LedgerMove move, string id) => new()
    {
        OperationId = id,
        LeaseId = $"lease-{id}",
        Holder = $"holder-{move.Who}",
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
        var lease = _state.LeaseOf($"holder-{move.Who}");
        if (lease is null)
        {
            return new LeaseTotals { LeaseId = "lease-gone", Epoch = 1, Settled = new Money(move.A) };
        }

        var mine = _state.Unconfirmed.Where(e => e.Value.Epoch == lease.Epoch).OrderBy(e => e.Key, StringComparer.Ordinal).ToList();
        var unconfirmed = mine.Skip(move.B % 3).Select(e => new UnconfirmedCost(e.Key, e.Value.Lower, e.Value.Upper)).ToList();
        if (move.B % 2 == 0)
        {
            _attempts.Add($"attempt-{_attempts.Count}");
            unconfirmed.Add(new UnconfirmedCost(_attempts[^1], new Money(move.C % 3), new Money(3 + (move.C % 10))));
        }

        var known = mine.Select(e => e.Key).Concat(lease.Ended.Keys.Order(StringComparer.Ordinal))
            .Where(a => unconfirmed.TrueForAll(u => u.AttemptId != a));
        var resolved = known.Take(move.C % 3).Select(a => new ResolvedCost(a, new Money(move.A % 7))).ToImmutableArray();
        return new LeaseTotals
        {
            LeaseId = lease.Id,
            Epoch = lease.Epoch - (move.A == 7 ? 1 : 0),
            Settled = lease.Settled + new Money(resolved.Sum(r => r.Cost.Nanos) + (move.A % 12)),
            Released = lease.Released + new Money(move.B % 4 == 1 ? move.C % 5 : 0),
            Requests = lease.Requests + (move.C % 4),
            Unconfirmed = [.. unconfirmed],
            Resolved = resolved,
        };
    }

    private static LedgerCommand Altered(LedgerCommand command, LedgerMove move) => command switch
    {
        GrantLease grant => grant with { Wanted = grant.Wanted + new Money(1) },
        SetCaps caps => caps with { Caps = [.. caps.Caps.Take(1).Select(c => c with { Limit = c.Limit + new Money(1) })] },
        ReportUsage report => report with { Totals = report.Totals with { Settled = report.Totals.Settled + new Money(1 + move.B) } },
        CloseLease close => close with { Totals = close.Totals with { Requests = close.Totals.Requests + 1 } },
        Reconcile truth => truth with { Cost = truth.Cost + new Money(1) },
        _ => throw new InvalidOperationException($"no altered form of {command}"),
    };

    private static string? Pick(List<string> from, int index) => from.Count == 0 ? null : from[index % from.Count];

    private void Count(LedgerState before, LedgerCommand command, LedgerOutcome outcome)
    {
        Add($"{command.GetType().Name} {outcome.Result.Status}");
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

    private void AddIf(string what, bool happened)
    {
        if (happened)
        {
            Add(what);
        }
    }

    private void Add(string what) => Seen[what] = Seen.GetValueOrDefault(what) + 1;
}
