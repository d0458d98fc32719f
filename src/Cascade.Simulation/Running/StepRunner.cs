using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Simulation.Auditing;
using Cascade.Simulation.Core;
using Cascade.Simulation.Faults;
using Cascade.Simulation.World;

namespace Cascade.Simulation.Running;

/// <summary>Does to the world what a step says.</summary>
internal sealed class StepRunner(SimWorld world, Scenario scenario)
{
    private static readonly TimeSpan PatienceForWrite = TimeSpan.FromSeconds(2);

    private SimRandom Random => world.Loop.Random;

    public void Run(SimStep step)
    {
        world.Loop.Random = new SimRandom(step.Seed);
        world.Note("step", step.Kind.ToString(), "", step.Target);
        switch (step.Kind)
        {
            case StepKind.Requests:
                Requests(step);
                break;
            case StepKind.Network:
                Worsen(step);
                break;
            case StepKind.StorageOutage:
                world.Coverage.Note(Seen.StorageOutage);
                world.Storage.IsAway = true;
                world.Loop.After(step.Lasts, () => world.Storage.IsAway = false);
                break;
            case StepKind.JournalOutage:
                world.Coverage.Note(Seen.JournalOutage);
                world.Journal.IsAway = true;
                world.Loop.After(step.Lasts, () => world.Journal.IsAway = false);
                break;
            case StepKind.StorageFault:
                world.Storage.FailNext(Random.Chance(50) ? StoreFault.Before : StoreFault.After, step.Amount);
                break;
            case StepKind.JournalFault:
                world.Journal.FailNext(Random.Pick([StoreFault.Before, StoreFault.After, StoreFault.Late]), step.Amount);
                break;
            case StepKind.DuplicateDesk:
                world.Directory.Split(BudgetOf(step));
                world.Loop.After(step.Lasts, world.Directory.Settle);
                break;
            case StepKind.DeactivateDesk:
                world.Directory.Deactivate(BudgetOf(step));
                break;
            case StepKind.CancelRequests:
                CancelOne();
                break;
            default:
                HitSilo(step);
                break;
        }
    }

    private BudgetKey BudgetOf(SimStep step) => world.Budgets[step.Target % world.Budgets.Length].Key;

    private void Requests(SimStep step)
    {
        List<SimSilo> serving = [.. world.Members.Where(s => s.Serves)];
        for (var i = 0; i < step.Amount && serving.Count > 0; i++)
        {
            var caller = Caller();
            var upper = Random.Chance(caller == world.Accounts[0] ? scenario.GreedyPercent : 0) || Random.Chance(30) ? Random.Between(1, scenario.LargestRequest) : Random.Between(1, 1 + (scenario.LargestRequest / 20));
            var floor = Random.Chance(50) ? upper : Random.Between(1, upper);
            world.Call(Random.Pick(serving), caller.Id, Random.Pick(Scenario.Endpoints), upper, floor);
        }
    }

    private AccountModel Caller() => Random.Chance(scenario.GreedyPercent) ? world.Accounts[0] : Random.Pick(world.Accounts);

    private void Worsen(SimStep step)
    {
        var network = world.Network;
        (network.LossPercent, network.DoublePercent, network.SlowestMs) = (Random.Below(30), Random.Below(30), Random.Pick([4, 200, 3_000]));
        world.Loop.After(step.Lasts, network.Repair);
    }

    private void CancelOne()
    {
        if (world.OpenCallers is { Count: > 0 } callers)
        {
            Random.Pick(callers).Cancel();
        }
    }

    private void HitSilo(SimStep step)
    {
        if (world.Members.Count == 0)
        {
            return;
        }

        var silo = world.Members[step.Target % world.Members.Count];
        switch (step.Kind)
        {
            case StepKind.Crash:
                Crash(silo);
                break;
            case StepKind.Pause:
                Pause(silo, step.Lasts);
                break;
            case StepKind.Leave:
                Leave(silo);
                break;
            case StepKind.DeclareDead:
                world.Coverage.Note(Seen.LiveSiloDeclaredDead);
                Replace(silo);
                world.Loop.After(step.Lasts, () => world.Kill(silo));
                break;
            case StepKind.ClockJump:
                world.Coverage.Note(Seen.ClockJumped);
                silo.Time.JumpTo(world.NewSkew());
                break;
            case StepKind.CutFromSilos:
                world.Coverage.Note(Seen.SiloCutFromSilos);
                silo.CutFromSilos = true;
                world.Loop.After(step.Lasts, () => silo.CutFromSilos = false);
                break;
            case StepKind.CutFromStorage:
                world.Coverage.Note(Seen.SiloCutFromStorage);
                silo.CutFromStorage = true;
                world.Loop.After(step.Lasts, () => silo.CutFromStorage = false);
                break;
            case StepKind.CutFromJournal:
                world.Coverage.Note(Seen.SiloCutFromJournal);
                silo.CutFromJournal = true;
                world.Loop.After(step.Lasts, () => silo.CutFromJournal = false);
                break;
            default:
                break;
        }
    }

    /// <summary>Half the crashes wait for a write to be on its way, for that is when a crash is hardest.</summary>
    private void Crash(SimSilo silo)
    {
        if (Random.Chance(50))
        {
            world.Loop.RunUntil(world.Loop.Now + PatienceForWrite, () => silo.Writes > 0);
        }

        world.Coverage.Note(Seen.SiloCrashed);
        world.Kill(silo);
        world.Loop.After(Random.Milliseconds(500, 8_000), () => Replace(silo));
    }

    private void Replace(SimSilo silo)
    {
        if (world.Members.Contains(silo))
        {
            world.DeclareDead(silo);
            world.Loop.After(world.Loop.Random.Milliseconds(100, 5_000), () => world.Boot(silo.Slot));
        }
    }

    private void Pause(SimSilo silo, TimeSpan lasts)
    {
        world.Coverage.Note(Seen.SiloPaused);
        silo.Context.Stop();
        world.Loop.After(lasts, silo.Context.Resume);
    }

    /// <summary>A silo shuts down: it gives its leases back, within its patience, and is replaced.</summary>
    private void Leave(SimSilo silo)
    {
        if (!silo.Serves)
        {
            return;
        }

        world.Coverage.Note(Seen.SiloStoppedGracefully);
        silo.IsLeaving = true;
        silo.Context.Post(() => _ = silo.Agent.TendAsync(giveAllBack: true));
        world.Loop.After(Random.Milliseconds(50, 3_000), () =>
        {
            world.Kill(silo);
            Replace(silo);
        });
    }
}
