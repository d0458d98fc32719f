using System.Runtime.CompilerServices;
using Cascade.Grains.Budgets;
using Cascade.Grains.Model;
using Cascade.Storage;
using Cascade.Storage.Ledger;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>Accounts that nobody asks any more.</summary>
public sealed class BudgetSweepTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ClusterModel Model =
        new TestModel().Account("gone", 1_000).Account("quiet", 1_000).Account("theirs", 1_000).Account("broken", 1_000).Build();

    private readonly AgentFixture _fixture = new(Model);
    private readonly CancellationTokenSource _stop = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_HolderIsGone_ItsLeaseIsTakenBackAndWhatNobodyKnowsIsBookedWhenItIsOld()
    {
        await _fixture.SpendAsync("gone", "a", 10, 7);
        Assert.True(await _fixture.Agent.StartAsync(await _fixture.HoldAsync("gone", "b", 10), AgentFixture.Endpoint, Ct));
        var running = Sweep(new Shelf(_fixture, "broken", "gone"));

        _fixture.Time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.HoldsAsync(() => Task.FromResult(_fixture.Desk("gone").Stored is { Leases.Length: 0, SettledNanos: 7, Unconfirmed.Length: 1 }), Patience, Ct);
        _fixture.Time.Advance(_fixture.Options.UnconfirmedHold + _fixture.Options.SweepInterval);
        await Eventually.HoldsAsync(() => Task.FromResult(_fixture.Desk("gone").Stored is { SettledNanos: 17, Unconfirmed.Length: 0 }), Patience, Ct);

        await _stop.CancelAsync();
        await running.WaitAsync(Patience, Ct);
    }

    [Fact]
    public async Task Run_NothingIsOpenOrAnotherSiloLooks_NobodyIsWoken()
    {
        foreach (var account in new[] { "gone", "theirs", "quiet" })
        {
            await _fixture.SpendAsync(account, account, 10, 7);
        }

        await _fixture.SettledAsync("quiet");
        await _fixture.SpendAsync("gone", "again", 10, 7);
        await _fixture.SpendAsync("theirs", "once", 10, 7);
        var before = _fixture.Desk("quiet").Calls.Count;
        var running = Sweep(new Shelf(_fixture, "theirs", "quiet", "gone"));

        _fixture.Time.Advance(TimeSpan.FromMinutes(5));
        await Eventually.HoldsAsync(() => Task.FromResult(_fixture.Desk("gone").Stored.Leases.IsEmpty), Patience, Ct);

        Assert.Equal(before, _fixture.Desk("quiet").Calls.Count);
        Assert.Single(_fixture.Desk("theirs").Stored.Leases);
        await _stop.CancelAsync();
        await running.WaitAsync(Patience, Ct);
    }

    [Fact]
    public async Task Run_StorageGoesAwayAsTheSiloStops_EndsWithoutAFault()
    {
        var running = Sweep(new Shelf(_fixture, "gone") { Fault = () => { _stop.Cancel(); return new InvalidOperationException("scripted"); } });

        _fixture.Time.Advance(TimeSpan.FromMinutes(5));

        await running.WaitAsync(Patience, Ct);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _fixture.Dispose();
    }

    private Task Sweep(IStoredStates states) =>
        new BudgetSweep(_fixture.EnvironmentOf(0), Model, states).RunAsync(0, static budget => budget != "theirs", _stop.Token);

    /// <summary>What the desks have stored, and a document that is none.</summary>
    private sealed class Shelf(AgentFixture fixture, params string[] budgets) : IStoredStates
    {
        public Func<Exception>? Fault { get; init; }

        public async IAsyncEnumerable<string> KeysAsync(string grainType, string state, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            foreach (var budget in budgets)
            {
                yield return Fault is { } fault ? throw fault() : budget;
            }
        }

        public Task<BinaryData?> ReadAsync(string grainType, string key, string state, CancellationToken cancellationToken) =>
            Task.FromResult<BinaryData?>(key == "broken" ? new BinaryData("no json") : new StateSerializer().Serialize(fixture.Desk(key).Stored));
    }
}
