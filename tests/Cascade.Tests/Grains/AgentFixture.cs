using System.Diagnostics.Metrics;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Grains.Model;
using Cascade.Grains.State;
using Cascade.Grains.Telemetry;
using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>
/// One silo's money over real desks and a journal in memory, with a clock that only the test moves. Everything answers within the call
/// unless a test holds it.
/// </summary>
internal sealed class AgentFixture : IDisposable
{
    public static readonly EndpointId Endpoint = new("m");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, DeskGrain> _desks = [];
    private readonly CascadeInstruments _instruments;
    private readonly ClusterModel _model;
    private readonly Holders _holders;
    private readonly Ids _ids = new();

    public AgentFixture(ClusterModel model, Action<CascadeOptions>? configure = null)
    {
        configure?.Invoke(Options);
        _model = model;
        _holders = new Holders(this);
        _instruments = new CascadeInstruments(_services.GetRequiredService<IMeterFactory>());
        Agent = NewAgent(0);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));

    public CascadeOptions Options { get; } = new();

    public InMemoryUsageJournal Journal { get; } = new();

    public InMemoryLedgerLog LedgerLog { get; } = new();

    public FakeAlertSink Alerts { get; } = new();

    public BudgetAgent Agent { get; }

    /// <summary>The agents of all silos, the first one included.</summary>
    public List<BudgetAgent> Agents { get; } = [];

    public BudgetAgent NewAgent(int silo)
    {
        var agent = new BudgetAgent(EnvironmentOf(silo), _model);
        Agents.Add(agent);
        return agent;
    }

    public PurseEnvironment EnvironmentOf(int silo) => new()
    {
        Silo = SiloAddress.FromParsableString($"127.0.0.1:{11111 + silo}@1"),
        Time = Time,
        Options = Options,
        Ids = _ids,
        Instruments = _instruments,
        Journal = Journal,
        Logger = NullLogger.Instance,
        Grain = DeskOf,
    };

    public DeskGrain Desk(string budget) => BudgetKey.TryParse(budget, out var key, out var problem) ? DeskOf(key) : throw new ArgumentException(problem);

    public Task<ReserveResult> ReserveAsync(string account, string attempt, long upper, long? floor = null, CancellationToken? ct = null) =>
        Agent.ReserveAsync(new AccountId(account), Endpoint, attempt, upper, floor ?? upper, ct ?? TestContext.Current.CancellationToken).AsTask();

    public async Task<Hold> HoldAsync(string account, string attempt, long upper)
    {
        var result = await ReserveAsync(account, attempt, upper);
        Assert.Equal(ReserveOutcome.Reserved, result.Outcome);
        return result.Hold!;
    }

    public async Task SpendAsync(string account, string attempt, long upper, long cost)
    {
        var hold = await HoldAsync(account, attempt, upper);
        Assert.True(await Agent.StartAsync(hold, Endpoint, TestContext.Current.CancellationToken));
        await Agent.SettleAsync(hold, Endpoint, cost, default);
    }

    /// <summary>Where a budget stands once every silo has told it everything and given back what it does not need.</summary>
    public async Task<AccountSnapshot> SettledAsync(string budget)
    {
        foreach (var agent in Agents)
        {
            await agent.TendAsync(giveAllBack: true);
        }

        return await Desk(budget).GetSnapshotAsync(collect: true, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        foreach (var desk in _desks.Values)
        {
            desk.Dispose();
        }

        _instruments.Dispose();
        _services.Dispose();
    }

    private DeskGrain DeskOf(BudgetKey budget)
    {
        if (!_desks.TryGetValue(budget.ToString(), out var desk))
        {
            desk = _desks[budget.ToString()] = new DeskGrain(budget, _model.FindBudget(budget), new DeskEnvironment
            {
                Time = Time,
                Options = Options,
                Ids = _ids,
                Journal = Journal,
                Log = LedgerLog,
                Holders = _holders,
                Liveness = new Everybody(),
                Alerts = Alerts,
                Instruments = _instruments,
                Logger = NullLogger.Instance,
            });
        }

        return desk;
    }

    private sealed class Holders(AgentFixture fixture) : ILeaseHolders
    {
        public Task<LeaseUsage?> CollectAsync(SiloAddress silo, BudgetKey budget, string leaseId, bool release) =>
            Task.FromResult(fixture.Agents[silo.Endpoint.Port - 11111].Collect(budget, leaseId, release));
    }

    private sealed class Everybody : IHolderLiveness
    {
        public bool IsDead(HolderId holder) => false;
    }

    private sealed class Ids : IIdSource
    {
        private int _next;

        public string Next() => $"id-{Interlocked.Increment(ref _next)}";
    }
}
