using System.Collections.Frozen;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Model;
using Cascade.Storage.Journal;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>A call is paid at every level of its account's path, or at none.</summary>
public sealed class BudgetAgentTests
{
    private static readonly string[] Path = ["acme/search/key-7", "acme/search", "acme"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settle_LeaseIsGoneAndTheSiloOfItsBudgetDoesNotKnowIt_IsToldAgainUntilOneDoes()
    {
        using var fixture = new AgentFixture(new TestModel().Account("acme", 1_000).Build());
        var hold = await fixture.HoldAsync("acme", "a", 10);
        Assert.True(await fixture.Agent.StartAsync(hold, AgentFixture.Endpoint, TestContext.Current.CancellationToken));
        fixture.Time.Advance(fixture.Options.LeaseLifetime + fixture.Options.LeaseMargin);
        await fixture.Desk("acme").GetSnapshotAsync(collect: true, TestContext.Current.CancellationToken);
        Assert.Single(fixture.Desk("acme").Stored.Unconfirmed);
        fixture.Desk("acme").IsElsewhere = true;

        var settling = fixture.Agent.SettleAsync(hold, AgentFixture.Endpoint, 7, default);
        Assert.Single(fixture.Desk("acme").Stored.Unconfirmed);
        fixture.Desk("acme").IsElsewhere = false;
        fixture.Time.Advance(TimeSpan.FromMinutes(5));

        await settling.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            () => Task.FromResult(fixture.Desk("acme").Stored is { SettledNanos: 7, Unconfirmed.IsEmpty: true }), TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Settle_ThreeLevels_EachBooksTheCost()
    {
        using var fixture = new AgentFixture(Model());

        await fixture.SpendAsync(Path[0], "a", upper: 40, cost: 15);

        foreach (var budget in Path)
        {
            var snapshot = await fixture.SettledAsync(budget);
            Assert.Equal((15L, 0L, 0L, 0), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos, snapshot.OpenLeases));
        }
    }

    [Fact]
    public async Task Reserve_LevelsHaveMoney_AsksNobodyAndEndsWithinTheCall()
    {
        using var fixture = new AgentFixture(Model());
        await fixture.SpendAsync(Path[0], "a", upper: 40, cost: 5);
        var asked = Path.Sum(budget => fixture.Desk(budget).Calls.Count);

        var reserving = fixture.Agent.ReserveAsync(new AccountId(Path[0]), AgentFixture.Endpoint, "b", 30, 30, Ct);

        Assert.True(reserving.IsCompletedSuccessfully);
        Assert.Equal(3, (await reserving).Hold!.Sessions.Length);
        Assert.Equal(asked, Path.Sum(budget => fixture.Desk(budget).Calls.Count));
    }

    [Theory]
    [InlineData(20, 1_000, 1_000, 0)]
    [InlineData(1_000, 20, 1_000, 1)]
    [InlineData(1_000, 1_000, 20, 2)]
    public async Task Reserve_OneLevelCannotPay_IsRefusedInItsNameAndNothingStaysHeld(long key, long team, long organisation, int poorest)
    {
        using var fixture = new AgentFixture(Model(key, team, organisation));

        var result = await fixture.ReserveAsync(Path[0], "a", upper: 30);

        Assert.Equal(ReserveOutcome.CapReached, result.Outcome);
        Assert.Equal(
            (Path[poorest], "", "total", 20L, 20L, 30L),
            (result.Refusal!.Account.Value, result.Refusal.Endpoint, result.Refusal.Window, result.Refusal.CapNanos, result.Refusal.RemainingNanos,
                result.Refusal.NeededNanos));
        foreach (var budget in Path)
        {
            Assert.Equal(0, (await fixture.SettledAsync(budget)).LeasedNanos);
        }
    }

    [Theory]
    [InlineData(20, 1_000, 1_000)]
    [InlineData(1_000, 20, 1_000)]
    [InlineData(1_000, 1_000, 20)]
    public async Task Reserve_OneLevelHasLess_EveryLevelHoldsJustThat(long key, long team, long organisation)
    {
        using var fixture = new AgentFixture(Model(key, team, organisation));

        var hold = (await fixture.ReserveAsync(Path[0], "a", upper: 30, floor: 10)).Hold!;

        Assert.Equal((20L, true), (hold.Nanos, hold.Clamped));
        foreach (var session in hold.Sessions)
        {
            Assert.Equal(20, session.Book.Reserved.Nanos);
        }
    }

    [Fact]
    public async Task Reserve_CapOnTheEndpoint_RefusesOnlyItsCalls()
    {
        var model = new TestModel().Account("acme", 1_000, null, ("m", 20)).Account("acme/search", 1_000).Build();
        using var fixture = new AgentFixture(model);

        var refused = await fixture.ReserveAsync("acme/search", "a", upper: 30);
        var other = await fixture.Agent.ReserveAsync(new AccountId("acme/search"), new EndpointId("other"), "b", 30, 30, Ct);
        await fixture.SpendAsync("acme/search", "c", upper: 20, cost: 12);

        Assert.Equal(("acme", "m"), (refused.Refusal!.Account.Value, refused.Refusal.Endpoint));
        Assert.Equal(2, other.Hold!.Sessions.Length);
        await fixture.Agent.VoidAsync(other.Hold, started: false);
        Assert.Equal((12L, 12L), ((await fixture.SettledAsync("acme#m")).SettledNanos, (await fixture.SettledAsync("acme")).SettledNanos));
    }

    [Fact]
    public async Task Reserve_AccountWithoutTemplate_IsUnknown()
    {
        using var fixture = new AgentFixture(Model());

        Assert.Equal(ReserveOutcome.UnknownAccount, (await fixture.ReserveAsync("acme/other", "a", upper: 30)).Outcome);
    }

    [Fact]
    public async Task Reserve_WaitsAtTheRoot_UntilOneDeadlineForTheWholePath()
    {
        using var fixture = new AgentFixture(Model(100, 100, 100));
        var other = await fixture.HoldAsync("acme", "other", 100);
        var waiting = fixture.ReserveAsync(Path[0], "a", upper: 60, floor: 60);

        fixture.Time.Advance(fixture.Options.ReservationWait - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(2));

        Assert.Equal(ReserveOutcome.Unavailable, (await waiting.WaitAsync(Ct)).Outcome);
        await fixture.Agent.VoidAsync(other, started: false);
        Assert.Equal(0, (await fixture.SettledAsync(Path[0])).LeasedNanos);
    }

    [Fact]
    public async Task Reserve_CancelledWhileItWaitsAtTheRoot_GivesTheLowerLevelsBack()
    {
        using var fixture = new AgentFixture(Model(100, 100, 100));
        var other = await fixture.HoldAsync("acme", "other", 100);
        using var goesAway = new CancellationTokenSource();
        var waiting = fixture.ReserveAsync(Path[0], "a", upper: 60, ct: goesAway.Token);
        Assert.False(waiting.IsCompleted);

        await goesAway.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await fixture.Agent.VoidAsync(other, started: false);
        Assert.Equal(100, (await fixture.HoldAsync(Path[0], "b", 100)).Nanos);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Start_OneLevelIsFenced_IsVoidInTheOthersAndCanBeTriedAnew(int fenced)
    {
        using var fixture = new AgentFixture(Model(100, 100, 100));
        var hold = await fixture.HoldAsync(Path[0], "a", 60);
        await fixture.Journal.SealAsync(hold.Sessions[fenced].Journal, Ct);

        Assert.False(await fixture.Agent.StartAsync(hold, AgentFixture.Endpoint, Ct));
        await fixture.SpendAsync(Path[0], "a.2", upper: 100, cost: 30);

        foreach (var budget in Path)
        {
            var snapshot = await fixture.SettledAsync(budget);
            Assert.Equal((30L, 0L, 0L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Start_JournalOfOneLevelIsAway_ThrowsAndHoldsNothing(int away)
    {
        using var fixture = new AgentFixture(Model());
        var hold = await fixture.HoldAsync(Path[0], "a", 60);
        var stream = hold.Sessions[away].Journal;
        var failures = 1;
        fixture.Journal.BeforeAppend = (key, _, _) => key == stream && failures-- > 0
            ? Task.FromException(new JournalUnavailableException(key, "append"))
            : Task.CompletedTask;

        await Assert.ThrowsAsync<JournalUnavailableException>(() => fixture.Agent.StartAsync(hold, AgentFixture.Endpoint, Ct).AsTask());

        foreach (var budget in Path)
        {
            var snapshot = await fixture.SettledAsync(budget);
            Assert.Equal((0L, 0L, 0L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Start_CancelledWhileAnIntentIsOnItsWay_HoldsNothingOnceItArrived(int slow)
    {
        using var fixture = new AgentFixture(Model());
        var hold = await fixture.HoldAsync(Path[0], "a", 60);
        var stream = hold.Sessions[slow].Journal;
        var arrives = new TaskCompletionSource();
        fixture.Journal.BeforeAppend = (key, entry, ct) => key != stream ? Task.CompletedTask
            : entry.Kind == JournalEntryKind.Intent ? Task.Delay(Timeout.InfiniteTimeSpan, fixture.Time, ct)
            : arrives.Task;
        using var goesAway = new CancellationTokenSource();
        var starting = fixture.Agent.StartAsync(hold, AgentFixture.Endpoint, goesAway.Token).AsTask();

        await goesAway.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        arrives.SetResult();

        foreach (var budget in Path)
        {
            var snapshot = await fixture.SettledAsync(budget);
            Assert.Equal((0L, 0L, 0L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Settle_OneLevelWasReclaimedMeanwhile_EveryLevelBooksTheCostOnce(int reclaimed)
    {
        using var fixture = new AgentFixture(Model());
        var hold = await fixture.HoldAsync(Path[0], "a", 60);
        Assert.True(await fixture.Agent.StartAsync(hold, AgentFixture.Endpoint, Ct));
        await fixture.Journal.SealAsync(hold.Sessions[reclaimed].Journal, Ct);

        await fixture.Agent.SettleAsync(hold, AgentFixture.Endpoint, 25, default);

        foreach (var budget in Path)
        {
            var snapshot = await fixture.SettledAsync(budget);
            Assert.Equal((25L, 0L, 0L), (snapshot.SettledNanos, snapshot.UnconfirmedUpperNanos, snapshot.LeasedNanos));
        }
    }

    [Fact]
    public async Task MarkUnconfirmed_ThreeLevels_EachHoldsTheUpperBound()
    {
        using var fixture = new AgentFixture(Model());
        var hold = await fixture.HoldAsync(Path[0], "a", 60);
        Assert.True(await fixture.Agent.StartAsync(hold, AgentFixture.Endpoint, Ct));

        await fixture.Agent.MarkUnconfirmedAsync(hold, lowerNanos: 10);

        foreach (var budget in Path)
        {
            var snapshot = await fixture.SettledAsync(budget);
            Assert.Equal((10L, 60L), (snapshot.UnconfirmedLowerNanos, snapshot.UnconfirmedUpperNanos));
        }
    }

    [Fact]
    public async Task Settle_ProviderBillsMore_EveryLevelBooksTheExcess()
    {
        using var fixture = new AgentFixture(Model(100, 100, 100));

        await fixture.SpendAsync(Path[0], "a", upper: 60, cost: 130);

        foreach (var budget in Path)
        {
            Assert.Equal((130L, 70L), ((await fixture.SettledAsync(budget)).SettledNanos, (await fixture.SettledAsync(budget)).OverrunNanos));
        }
    }

    [Fact]
    public async Task Reserve_SiblingUsesUpItsOwnCap_TheOtherIsNotTouched()
    {
        var model = new TestModel().Account("acme", 1_000).Account("acme/a", 50).Account("acme/b", 50).Build();
        using var fixture = new AgentFixture(model);
        await fixture.SpendAsync("acme/a", "1", upper: 50, cost: 50);

        Assert.Equal(ReserveOutcome.CapReached, (await fixture.ReserveAsync("acme/a", "2", upper: 10)).Outcome);
        Assert.Equal(50, (await fixture.HoldAsync("acme/b", "3", 50)).Nanos);
    }

    [Fact]
    public async Task Reserve_MoneyLiesIdleOnThreeSilosAtEveryLevel_IsRecalledBeforeARefusal()
    {
        using var fixture = new AgentFixture(Model(300, 300, 300));
        for (var silo = 1; silo <= 3; silo++)
        {
            var agent = fixture.NewAgent(silo);
            var result = await agent.ReserveAsync(new AccountId(Path[0]), AgentFixture.Endpoint, $"s{silo}", 90, 90, Ct);
            await agent.VoidAsync(result.Hold!, started: false);
        }

        Assert.Equal(300, (await fixture.HoldAsync(Path[0], "a", 300)).Nanos);
    }

    [Fact]
    public async Task Tend_AccountIdleForLong_IsForgottenAndServedAnewLater()
    {
        using var fixture = new AgentFixture(Model());
        await fixture.SpendAsync(Path[0], "a", upper: 40, cost: 15);
        fixture.Time.Advance(fixture.Options.LeaseIdle);
        await fixture.Agent.TendAsync(giveAllBack: false);
        Assert.Equal(3, fixture.Agent.PurseCount);

        fixture.Time.Advance(fixture.Options.PurseIdle);
        await fixture.Agent.TendAsync(giveAllBack: false);

        Assert.Equal(0, fixture.Agent.PurseCount);
        await fixture.SpendAsync(Path[0], "b", upper: 40, cost: 5);
        Assert.Equal(20, (await fixture.SettledAsync("acme")).SettledNanos);
    }

    [Fact]
    public async Task Reserve_PurseWentOutOfUseBetween_AnotherTakesItsPlace()
    {
        using var fixture = new AgentFixture(Model());
        var hold = await fixture.HoldAsync(Path[0], "a", 40);
        await fixture.Agent.VoidAsync(hold, started: false);
        await fixture.Agent.TendAsync(giveAllBack: true);
        fixture.Time.Advance(fixture.Options.PurseIdle);
        Assert.All(hold.Sessions.ToArray(), session => Assert.True(session.Purse.TryRetire()));

        await fixture.SpendAsync(Path[0], "b", upper: 40, cost: 15);

        Assert.Equal(15, (await fixture.SettledAsync(Path[0])).SettledNanos);
    }

    [Fact]
    public async Task Reserve_ChildHasAFloor_OthersCannotTakeIt()
    {
        using var fixture = new AgentFixture(WithFloor());
        await fixture.SpendAsync("acme/a", "1", upper: 60, cost: 60);

        Assert.Equal(ReserveOutcome.CapReached, (await fixture.ReserveAsync("acme/a", "2", upper: 10)).Outcome);
        Assert.Equal(40, (await fixture.HoldAsync("acme/kept", "3", 40)).Nanos);
    }

    [Fact]
    public async Task Reserve_FloorLiesIdleInTheSameSilo_IsLeftToItsChildAndTheRestIsRecalled()
    {
        using var fixture = new AgentFixture(WithFloor());
        await fixture.SpendAsync("acme/kept/key", "1", upper: 40, cost: 1);
        await fixture.SpendAsync("acme/a", "2", upper: 60, cost: 1);

        // 99 are left; what nobody has a call for comes back from the leases of this very silo, on whosever behalf they are.
        Assert.Equal(98, (await fixture.HoldAsync("acme/kept", "3", 98)).Nanos);
    }

    [Fact]
    public async Task ShadowPriceOf_SiblingFloods_DoesNotMove()
    {
        var model = new TestModel().Account("acme", null).Account("acme/loud", 1_000, 1_000).Account("acme/quiet", 1_000, 1_000).Build();
        using var fixture = new AgentFixture(model);
        await fixture.SpendAsync("acme/quiet", "q", upper: 1, cost: 1);
        fixture.Agent.CountRequest(new AccountId("acme/quiet"), [AgentFixture.Endpoint]);
        for (var i = 0; i < 8; i++)
        {
            await fixture.SpendAsync("acme/loud", $"l{i}", upper: 100, cost: 100);
            fixture.Agent.CountRequest(new AccountId("acme/loud"), [AgentFixture.Endpoint]);
            await fixture.Agent.TendAsync(giveAllBack: false);
        }

        await fixture.Agent.TendAsync(giveAllBack: false);

        Assert.True(fixture.Agent.ShadowPriceOf(new AccountId("acme/loud")) > 0);
        Assert.Equal(0, fixture.Agent.ShadowPriceOf(new AccountId("acme/quiet")));
        var history = (await fixture.SettledAsync("acme/loud")).PriceHistory;
        Assert.InRange(history.Length, 1, 128);
        Assert.Equal(800, history[^1].SettledNanos);
        Assert.Equal(200, history[^1].RemainingNanos);
    }

    [Fact]
    public async Task ShadowPriceOf_TwoLevelsPress_IsTheirSum()
    {
        var model = new TestModel().Account("acme", 1_000, 1_000).Account("acme/a", 1_000, 1_000).Build();
        using var fixture = new AgentFixture(model);
        for (var i = 0; i < 5; i++)
        {
            await fixture.SpendAsync("acme/a", $"{i}", upper: 100, cost: 100);
            fixture.Agent.CountRequest(new AccountId("acme/a"), [AgentFixture.Endpoint]);
            await fixture.Agent.TendAsync(giveAllBack: false);
        }

        var root = fixture.Agent.ShadowPriceOf(new AccountId("acme"));
        Assert.True(root > 0);
        Assert.Equal(2 * root, fixture.Agent.ShadowPriceOf(new AccountId("acme/a")), tolerance: root * 1e-9);
    }

    private static ClusterModel WithFloor()
    {
        var model = new TestModel().Account("acme", 100).Account("acme/*", null).Account("acme/*/*", null).Build();
        var root = model.Accounts[new AccountId("acme")];
        var caps = root.Caps[0] with { Floors = [new CapFloor("kept", new Money(40))] };
        return model with { Accounts = new Dictionary<AccountId, AccountModel> { [root.Id] = root with { Caps = [caps] } }.ToFrozenDictionary() };
    }

    private static ClusterModel Model(long key = 10_000, long team = 10_000, long organisation = 10_000) => new TestModel()
        .Account(Path[0], key).Account(Path[1], team).Account(Path[2], organisation).Build();
}
