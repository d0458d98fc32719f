using System.Net;
using Cascade.Grains.Budgets;
using Cascade.Simulation.Core;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.World;

/// <summary>One incarnation of a silo: a process with a clock, an agent, and the desks that are placed on it.</summary>
internal sealed class SimSilo
{
    private const int Port = 11111;

    public SimSilo(SimWorld world, int slot, int generation, TimeSpan skew, double driftPpm)
    {
        World = world;
        Slot = slot;
        Name = $"silo{slot}.{generation}";
        Address = SiloAddress.New(IPAddress.Loopback, Port + slot, generation);
        Context = new SimContext(world.Loop);
        Time = new SimTime(world.Loop, Context, world.Epoch, skew, driftPpm);
        Journal = world.Plant.Journal(new SimJournal(world.Journal, this), world);
        var purses = new PurseEnvironment
        {
            Silo = Address,
            Time = Time,
            Options = world.Options,
            Ids = world.Ids,
            Instruments = SimWorld.Instruments,
            Journal = new WatchedJournal(Journal, world),
            Logger = world.Logger,
            Grain = budget => new SimGrain(world, this, budget),
        };
        Agent = new BudgetAgent(purses, world.Model);
        Desks = new DeskEnvironment
        {
            Time = Time,
            Options = world.Options,
            Ids = world.Ids,
            Journal = Journal,
            Log = world.LedgerLog,
            Holders = new SimHolders(world, this),
            Liveness = world.Membership,
            Alerts = world.Alerts,
            Instruments = SimWorld.Instruments,
            Logger = world.Logger,
        };
    }

    public SimWorld World { get; }

    public int Slot { get; }

    public string Name { get; }

    public SiloAddress Address { get; }

    public SimContext Context { get; }

    public SimTime Time { get; }

    public IUsageJournal Journal { get; }

    public BudgetAgent Agent { get; }

    public DeskEnvironment Desks { get; }

    /// <summary>Writes to the ledger store that are on their way.</summary>
    public int Writes { get; set; }

    public bool CutFromSilos { get; set; }

    public bool CutFromStorage { get; set; }

    public bool CutFromJournal { get; set; }

    /// <summary>It is shutting down and takes no more requests.</summary>
    public bool IsLeaving { get; set; }

    public bool Serves => !Context.IsDead && !Context.IsStopped && !IsLeaving;

    /// <summary>Starts what a silo does by itself.</summary>
    public void Start() => Context.Run(() => _ = TendAsync());

    private async Task TendAsync()
    {
        while (!IsLeaving)
        {
            await Task.Delay(World.Options.ReportInterval, Time);
            _ = Agent.TendAsync(giveAllBack: false);
        }
    }
}
