using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Simulation.Auditing;
using Cascade.Simulation.Core;
using Cascade.Simulation.Faults;
using Cascade.Simulation.World;

namespace Cascade.Simulation.Running;

/// <summary>How a scenario ended.</summary>
/// <param name="Violation">The promise that did not hold; null when all did.</param>
/// <param name="Hash">The same for two runs exactly when the same things happened.</param>
/// <param name="Lines">What happened, when that was asked for.</param>
internal sealed record SimResult(Violation? Violation, ulong Hash, IReadOnlyList<string> Lines);

/// <summary>Runs one scenario to its end, audits after every step, and then brings the world to rest and compares every attempt.</summary>
internal sealed class SimRun
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private readonly Scenario _scenario;
    private readonly SimWorld _world;
    private readonly StepRunner _steps;
    private readonly SimTrace _trace;

    private SimRun(Scenario scenario, Plant plant, Coverage coverage, bool keepLines)
    {
        _scenario = scenario;
        _trace = new SimTrace(keepLines);
        _world = new SimWorld(scenario, plant, coverage, _trace);
        _steps = new StepRunner(_world, scenario);
    }

    private bool HasFailed => _world.Auditor.Found is not null;

    /// <param name="scenario">What happens.</param>
    /// <param name="plant">A bug to plant.</param>
    /// <param name="coverage">Told what was met.</param>
    /// <param name="keepLines">Whether to tell everything that happened.</param>
    /// <param name="deaf">Whether to ignore what the code itself raises the alarm about.</param>
    public static SimResult Execute(Scenario scenario, Plant plant, Coverage coverage, bool keepLines = false, bool deaf = false)
    {
        var run = new SimRun(scenario, plant, coverage, keepLines);
        run._world.Auditor.IsDeaf = deaf;
        try
        {
            run.Execute();
        }
        catch (Exception problem)
        {
            // Whatever it is, the seed repeats it.
            run._world.Auditor.Violated("simulation", problem.ToString());
        }

        return new SimResult(run._world.Auditor.Found, run._trace.Hash, run._trace.Lines);
    }

    private void Execute()
    {
        foreach (var step in _scenario.Steps)
        {
            if (step.Kind == StepKind.Rest)
            {
                _world.Loop.Random = new SimRandom(step.Seed);
                Rest();
            }
            else
            {
                _steps.Run(step);
                Advance(step.Then);
            }

            _world.Auditor.Check();
            if (HasFailed)
            {
                return;
            }
        }

        _world.Loop.Random = new SimRandom(_scenario.Seed);
        Rest();
        Finish();
    }

    private void Advance(TimeSpan span) => _world.Loop.RunUntil(_world.Loop.Now + span, () => HasFailed);

    /// <summary>Ends all faults, lets everything that is in flight end and every lost lease expire, and sees whether the money left is to be had.</summary>
    private void Rest()
    {
        Heal();
        _world.Loop.RunUntil(_world.Loop.Now + LongestCall, () => HasFailed || (_world.OpenCallers.Count == 0 && _world.Members.Count > 0));
        Advance(_world.Options.LeaseLifetime + _world.Options.LeaseMargin + (SimWorld.MostSkew * 2) + Moment);
        foreach (var account in _world.Accounts)
        {
            foreach (var endpoint in Scenario.Endpoints.Take(account.Models.Count + 1))
            {
                if (!HasFailed)
                {
                    Probe(account.Id, endpoint);
                }
            }
        }
    }

    private void Heal()
    {
        _world.Note("rest", "world");
        _world.Network.Repair();
        _world.Storage.IsAway = false;
        _world.Storage.ClearFaults();
        _world.Journal.IsAway = false;
        _world.Journal.ClearFaults();
        _world.Directory.Settle();
        foreach (var silo in _world.Silos)
        {
            (silo.CutFromSilos, silo.CutFromStorage, silo.CutFromJournal) = (false, false, false);
            if (silo.Context.IsStopped)
            {
                silo.Context.Resume();
            }
        }
    }

    /// <summary>P3: a request for all that is left is served, whoever holds the money.</summary>
    private void Probe(AccountId account, EndpointId endpoint)
    {
        if (_world.Auditor.LeftOf(account, endpoint) is not { } left || left <= 0)
        {
            return;
        }

        _world.Coverage.Note(Seen.FullBudgetProbed);
        var probe = _world.Call(_world.Loop.Random.Pick(_world.Members), account, endpoint, left, left, billed: false);
        _world.Loop.RunUntil(_world.Loop.Now + (_world.Options.ReservationWait * 2) + Moment, () => HasFailed || probe.HasEnded);
        if (!HasFailed && probe.Outcome != ReserveOutcome.Reserved)
        {
            _world.Auditor.Violated("P3", $"has {left} left, but a request for it on {endpoint} ended as {probe.Outcome} (over: {probe.HasEnded})", account.Value);
        }

        Advance(Moment);
    }

    /// <summary>Gives every lease back, compares, reconciles what is of unknown cost, and compares again.</summary>
    private void Finish()
    {
        foreach (var silo in _world.Members)
        {
            silo.Context.Post(() => _ = silo.Agent.TendAsync(giveAllBack: true));
        }

        Advance(Moment);
        for (var round = 0; round < 3 && _world.Budgets.Any(b => !_world.Auditor.Of(b.Key).Record.Leases.IsEmpty); round++)
        {
            Ask((grain, _) => grain.GetSnapshotAsync(collect: true));
            Advance(_world.Options.LeaseLifetime + _world.Options.LeaseMargin + (SimWorld.MostSkew * 2));
        }

        Check(_world.Auditor.CheckEnds);
        Check(_world.Auditor.CheckEntries);
        Ask(async (grain, budget) =>
        {
            var audited = _world.Auditor.Of(budget);
            foreach (var held in audited.Record.Unconfirmed)
            {
                await grain.ReconcileAsync(new Reconciliation
                {
                    Operation = new OperationId(_world.Ids.Next()),
                    AttemptId = held.AttemptId,
                    CostNanos = Auditor.BillOf(audited, held.AttemptId),
                });
            }
        });
        Check(_world.Auditor.CheckSums);
        Check(_world.Auditor.CheckAlerts);
        Check(_world.Auditor.CheckEntries);
    }

    private void Ask(Func<ITenantBudgetGrain, BudgetKey, Task> question)
    {
        var silo = _world.Members[0];
        foreach (var budget in _world.Budgets)
        {
            silo.Context.Run(() => _ = question(new SimGrain(_world, silo, budget.Key), budget.Key));
        }

        Advance(Moment);
    }

    private void Check(Action check)
    {
        if (!HasFailed)
        {
            check();
        }
    }
}
