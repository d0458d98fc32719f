using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Storage.Journal;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>Calls that run ahead of the journal, within the exposure of their lease.</summary>
public sealed class BatchedDurabilityTests : IDisposable
{
    private const string Account = "acme";
    private readonly AgentFixture _fixture = new(new TestModel().Batched(Account, 10_000, exposureNanos: 100).Build());
    private readonly List<(JournalKey Stream, JournalEntry Entry, TaskCompletionSource Gate)> _held = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Start_ExposureCoversTheCall_DoesNotWaitForTheJournal()
    {
        var hold = await _fixture.HoldAsync(Account, "a", 60);
        HoldAppends();

        Assert.True(await StartAsync(hold).WaitAsync(Ct));

        var (_, intent, _) = Assert.Single(_held);
        Assert.Equal((JournalEntryKind.Intent, 60L), (intent.Kind, intent.UpperNanos));
        Assert.Equal(60, hold.Sessions[0].Exposed);
        Let(0);
        Assert.Equal(0, hold.Sessions[0].Exposed);
    }

    [Fact]
    public async Task Start_ExposureIsUsedUp_WaitsForItsOwnIntent()
    {
        var first = await _fixture.HoldAsync(Account, "a", 60);
        var second = await _fixture.HoldAsync(Account, "b", 41);
        HoldAppends();
        Assert.True(await StartAsync(first).WaitAsync(Ct));

        var waiting = StartAsync(second);

        Assert.False(waiting.IsCompleted);
        Assert.Equal(60, second.Sessions[0].Exposed);
        Let(1);
        Assert.True(await waiting.WaitAsync(Ct));
    }

    [Fact]
    public async Task Start_RootIsStrict_WaitsForTheRootAlone()
    {
        using var fixture = new AgentFixture(new TestModel().Batched("acme/search", 10_000, exposureNanos: 100).Account("acme", 10_000).Build());
        var hold = await fixture.HoldAsync("acme/search", "a", 60);
        HoldAppends(fixture);

        var waiting = StartAsync(hold, fixture);

        Assert.Equal(["acme/search", "acme"], _held.Select(h => h.Stream.Account));
        Assert.False(waiting.IsCompleted);
        Let(1);
        Assert.True(await waiting.WaitAsync(Ct));
        Assert.Equal([60, 0], hold.Sessions.ToArray().Select(s => s.Exposed));
    }

    [Fact]
    public async Task Start_StrictLevelIsFenced_TheBatchedLevelIsVoid()
    {
        using var fixture = new AgentFixture(new TestModel().Batched("acme/search", 10_000, exposureNanos: 100).Account("acme", 10_000).Build());
        var hold = await fixture.HoldAsync("acme/search", "a", 60);
        await fixture.Journal.SealAsync(hold.Sessions[1].Journal, Ct);

        Assert.False(await StartAsync(hold, fixture));

        Assert.Equal(0, hold.Sessions[0].Exposed);
        foreach (var budget in (string[])["acme/search", "acme"])
        {
            var snapshot = await fixture.SettledAsync(budget);
            Assert.Equal((0L, 0L, 0L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos));
        }
    }

    [Fact]
    public async Task Settle_ExposureCoversTheCall_LetsTheCallerGoButFreesNothingYet()
    {
        var hold = await StartedAsync("a", 60);
        HoldAppends();

        await _fixture.Agent.SettleAsync(hold, AgentFixture.Endpoint, 25, default).WaitAsync(Ct);

        var session = hold.Sessions[0];
        Assert.Equal((60L, 60L, 0L), (session.Exposed, session.Book.Reserved.Nanos, session.Book.Settled.Nanos));
        Let(0);
        Assert.Equal((0L, 0L, 25L), (session.Exposed, session.Book.Reserved.Nanos, session.Book.Settled.Nanos));
    }

    [Fact]
    public async Task Settle_IntentIsStillOnItsWay_IsCoveredOnceForBoth()
    {
        var hold = await _fixture.HoldAsync(Account, "a", 60);
        HoldAppends();
        Assert.True(await StartAsync(hold));

        await _fixture.Agent.SettleAsync(hold, AgentFixture.Endpoint, 25, default).WaitAsync(Ct);

        var session = hold.Sessions[0];
        Assert.Equal(60, session.Exposed);
        Let(0);
        Assert.Equal(60, session.Exposed);
        Let(1);
        Assert.Equal((0L, 25L), (session.Exposed, session.Book.Settled.Nanos));
    }

    [Fact]
    public async Task Settle_ExposureIsUsedUp_WaitsForTheJournal()
    {
        var first = await StartedAsync("a", 60);
        var second = await StartedAsync("b", 60);
        HoldAppends();
        await _fixture.Agent.SettleAsync(first, AgentFixture.Endpoint, 25, default).WaitAsync(Ct);

        var waiting = _fixture.Agent.SettleAsync(second, AgentFixture.Endpoint, 25, default);

        Assert.False(waiting.IsCompleted);
        Let(1);
        await waiting.WaitAsync(Ct);
    }

    [Fact]
    public async Task Tend_EverythingGivenBackWhileEndsAreOnTheirWay_WaitsForThemAndClosesCleanly()
    {
        var hold = await StartedAsync("a", 60);
        HoldAppends();
        await _fixture.Agent.SettleAsync(hold, AgentFixture.Endpoint, 25, default);

        var tending = _fixture.Agent.TendAsync(giveAllBack: true);
        Assert.False(tending.IsCompleted);
        Let(0);
        await tending.WaitAsync(Ct);

        var snapshot = await _fixture.Desk(Account).GetSnapshotAsync(collect: false, Ct);
        Assert.Equal((25L, 0L, 0), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.OpenLeases));
    }

    [Fact]
    public async Task Reclaim_HolderIsSilent_HoldsTheExposureAndWhatTheJournalKnows()
    {
        var known = await StartedAsync("a", 60);
        var lost = await _fixture.HoldAsync(Account, "b", 70);
        HoldAppends();
        Assert.True(await StartAsync(lost));

        var snapshot = await ReclaimAsync();

        Assert.Equal((0L, 60L + 100L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos));
        Assert.Equal(known.Sessions[0], lost.Sessions[0]);
    }

    [Fact]
    public async Task Reclaim_HolderWakesUp_TellsWhatWasReallyLost()
    {
        var known = await StartedAsync("a", 60);
        var lost = await _fixture.HoldAsync(Account, "b", 70);
        HoldAppends();
        Assert.True(await StartAsync(lost));
        await ReclaimAsync();
        LetAll();

        await _fixture.Agent.SettleAsync(known, AgentFixture.Endpoint, 20, default).WaitAsync(Ct);
        await _fixture.Agent.SettleAsync(lost, AgentFixture.Endpoint, 31, default).WaitAsync(Ct);

        var snapshot = await _fixture.SettledAsync(Account);
        Assert.Equal((51L, 0L, 0L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos));
    }

    [Fact]
    public async Task Reclaim_CostOfALostCallIsUnknown_KeepsTheExposureHeld()
    {
        var lost = await _fixture.HoldAsync(Account, "b", 70);
        HoldAppends();
        Assert.True(await StartAsync(lost));
        await ReclaimAsync();
        LetAll();

        await _fixture.Agent.MarkUnconfirmedAsync(lost, lowerNanos: 0).WaitAsync(Ct);

        var snapshot = await _fixture.SettledAsync(Account);
        Assert.Equal((0L, 70L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos));
        var reconciled = await _fixture.Desk(Account).ReconcileAsync(
            new Reconciliation
            {
                Operation = new OperationId("op"),
                AttemptId = Lease.ExposureAttempt(lost.Sessions[0].Book.LeaseId),
                CostNanos = 44,
            },
            Ct);
        Assert.Equal(BudgetStatus.Ok, reconciled);
        Assert.Equal(44, (await _fixture.SettledAsync(Account)).SettledNanos);
    }

    [Fact]
    public async Task Start_JournalIsAway_TheCallStaysCoveredUntilItsEndIsDurable()
    {
        var hold = await _fixture.HoldAsync(Account, "a", 60);
        _fixture.Journal.FailNext();

        // The failure comes before the call is made, so it is not made.
        await Assert.ThrowsAsync<JournalUnavailableException>(() => StartAsync(hold));

        Assert.Equal(0, hold.Sessions[0].Exposed);
        Assert.Equal(0, (await _fixture.SettledAsync(Account)).UnconfirmedUpperNanos);
    }

    [Fact]
    public async Task Start_OutcomeOfTheIntentIsNeverKnown_TheEndEndsTheExposure()
    {
        var hold = await _fixture.HoldAsync(Account, "a", 60);
        HoldAppends();
        Assert.True(await StartAsync(hold));
        _held[0].Gate.SetException(new JournalUnavailableException(_held[0].Stream, "append"));
        _fixture.Journal.BeforeAppend = null;
        Assert.Equal(60, hold.Sessions[0].Exposed);

        await _fixture.Agent.SettleAsync(hold, AgentFixture.Endpoint, 25, default).WaitAsync(Ct);

        Assert.Equal(0, hold.Sessions[0].Exposed);
        var snapshot = await _fixture.SettledAsync(Account);
        Assert.Equal((25L, 0L, 0L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos));
    }

    private Task<bool> StartAsync(Hold hold, AgentFixture? fixture = null) =>
        (fixture ?? _fixture).Agent.StartAsync(hold, AgentFixture.Endpoint, Ct).AsTask();

    private async Task<Hold> StartedAsync(string attempt, long upper)
    {
        var hold = await _fixture.HoldAsync(Account, attempt, upper);
        Assert.True(await StartAsync(hold));
        return hold;
    }

    /// <summary>From now on every append waits until the test lets it go.</summary>
    private void HoldAppends(AgentFixture? fixture = null) => (fixture ?? _fixture).Journal.BeforeAppend = (stream, entry, _) =>
    {
        var gate = new TaskCompletionSource();
        _held.Add((stream, entry, gate));
        return gate.Task;
    };

    private void Let(int index) => _held[index].Gate.SetResult();

    private void LetAll()
    {
        _fixture.Journal.BeforeAppend = null;
        foreach (var held in _held)
        {
            held.Gate.TrySetResult();
        }
    }

    /// <summary>The lease runs out, and the budget takes it back by its journal.</summary>
    private async Task<AccountSnapshot> ReclaimAsync()
    {
        _fixture.Time.Advance(_fixture.Options.LeaseLifetime + _fixture.Options.LeaseMargin);
        return await _fixture.Desk(Account).GetSnapshotAsync(collect: true, Ct);
    }
}
