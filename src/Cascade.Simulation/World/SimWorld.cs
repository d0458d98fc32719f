using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Grains.State;
using Cascade.Grains.Telemetry;
using Cascade.Simulation.Auditing;
using Cascade.Simulation.Core;
using Cascade.Simulation.Faults;

namespace Cascade.Simulation.World;

/// <summary>Silos, desks, storage, journal, network and provider on one thread.</summary>
internal sealed class SimWorld
{
    /// <summary>The most by which a clock is ever off.</summary>
    public static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(6);

    private const double MostDriftPpm = 200;

    private readonly Scenario _scenario;
    private readonly List<SimCaller> _callers = [];
    private int _attempts;
    private ClusterModel? _model;
    private ImmutableArray<BudgetModel>? _budgets;

    public SimWorld(Scenario scenario, Plant plant, Coverage coverage, SimTrace trace)
    {
        _scenario = scenario;
        Plant = plant;
        Coverage = coverage;
        Trace = trace;
        Loop = new SimLoop { Random = new SimRandom(scenario.Seed ^ 0xA5A5A5A5UL) };
        Auditor = new Auditor(Loop, trace, coverage);
        Network = new SimNetwork(Loop, trace, coverage);
        Storage = new LedgerStore(Loop, trace, coverage, Auditor);
        Journal = new JournalStore(Loop, trace, coverage, Auditor);
        Provider = new SimProvider(coverage) { Overbills = scenario.Overbills };
        Directory = new SimDirectory(this);
        Logger = new SimLogger(coverage, Auditor);
        Auditor.Open(this);
        for (var slot = 0; slot < scenario.Silos; slot++)
        {
            Boot(slot);
        }
    }

    public Plant Plant { get; }

    public Coverage Coverage { get; }

    public SimTrace Trace { get; }

    public SimLoop Loop { get; }

    public Auditor Auditor { get; }

    public SimNetwork Network { get; }

    public LedgerStore Storage { get; }

    public SimLedgerLog LedgerLog { get; } = new();

    public SimAlertSink Alerts { get; } = new();

    public JournalStore Journal { get; }

    public SimProvider Provider { get; }

    public SimDirectory Directory { get; }

    public SimMembership Membership { get; } = new();

    public SimIds Ids { get; } = new();

    public SimLogger Logger { get; }

    /// <summary>Nobody reads them, so one set serves every world.</summary>
    public static CascadeInstruments Instruments { get; } = new(new PlainMeters());

    public CascadeOptions Options => _scenario.Options;

    public DateTimeOffset Epoch => _scenario.Epoch;

    public ImmutableArray<AccountModel> Accounts => _scenario.Accounts;

    /// <summary>Every budget of every account, each with a ledger of its own.</summary>
    public ImmutableArray<BudgetModel> Budgets => _budgets ??= [.. _scenario.Accounts.SelectMany(BudgetsOf)];

    /// <summary>Every incarnation there ever was.</summary>
    public List<SimSilo> Silos { get; } = [];

    /// <summary>The silos that the cluster holds for alive.</summary>
    public List<SimSilo> Members { get; } = [];

    public ClusterModel Model => _model ??= new ClusterModel
    {
        Endpoints = FrozenDictionary<string, EndpointModel>.Empty,
        Routes = FrozenDictionary<string, RouteModel>.Empty,
        Accounts = Accounts.ToFrozenDictionary(static account => account.Id),
    };

    public SimSilo SiloOf(string holder)
    {
        var address = HolderId.Parse(holder).Silo;
        return Silos.Find(s => s.Address.Equals(address))!;
    }

    public void Note(string what, string who, string detail = "", long amount = 0) => Trace.Note(Loop.Now, what, who, detail, amount);

    public TimeSpan NewSkew() => Loop.Random.Milliseconds(-(long)MostSkew.TotalMilliseconds, (long)MostSkew.TotalMilliseconds) / 2;

    /// <summary>Starts a silo that was not there, in the place of an earlier one perhaps.</summary>
    public void Boot(int slot)
    {
        var drift = (Loop.Random.Between(0, 200) - 100) / 100d * MostDriftPpm;
        var silo = new SimSilo(this, slot, Silos.Count(s => s.Slot == slot) + 1, NewSkew(), drift);
        Silos.Add(silo);
        Members.Add(silo);
        Note("booted", silo.Name);
        silo.Start();
    }

    /// <summary>Kills a silo's process; the cluster does not know yet.</summary>
    public void Kill(SimSilo silo)
    {
        Note("killed", silo.Name);
        if (_callers.Exists(c => c.Silo == silo && !c.HasEnded))
        {
            Coverage.Note(Seen.SiloCrashedDuringCall);
        }

        if (silo.Writes > 0)
        {
            Coverage.Note(Seen.SiloCrashedDuringWrite);
        }

        silo.Context.Kill();
        _callers.RemoveAll(c => c.IsOver);
    }

    /// <summary>The cluster holds a silo for dead, and forgets the desks on it.</summary>
    public void DeclareDead(SimSilo silo)
    {
        Note("declared dead", silo.Name);
        Members.Remove(silo);
        Membership.Declare(silo.Address);
        Directory.Forget(silo);
    }

    /// <summary>Starts a request.</summary>
    public SimCaller Call(SimSilo silo, AccountId account, EndpointId endpoint, long upper, long floor, bool billed = true)
    {
        var caller = new SimCaller(this, silo, account, endpoint, $"a{++_attempts}", upper, floor, billed);
        _callers.RemoveAll(c => c.IsOver);
        _callers.Add(caller);
        caller.Start();
        return caller;
    }

    public IReadOnlyList<SimCaller> OpenCallers => [.. _callers.Where(c => !c.IsOver)];

    private IEnumerable<BudgetModel> BudgetsOf(AccountModel account) =>
        account.Models.Keys.Order(StringComparer.Ordinal).Prepend("").Select(endpoint => Model.FindBudget(new BudgetKey(account.Id, endpoint))!);

    private sealed class PlainMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options.Name);

        public void Dispose()
        {
        }
    }
}
