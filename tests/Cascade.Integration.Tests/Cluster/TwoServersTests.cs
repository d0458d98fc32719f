using System.Net;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Integration.Tests.Cluster;

/// <summary>Two servers that share a redis-server and a tenant, when one of them or the redis-server goes away.</summary>
public sealed class TwoServersTests : IAsyncDisposable
{
    private const int Clients = 4;
    private const string OnSecond = "What is 3 + 3?";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServerAccount _account = new("acme", 1_500 * StubProvider.CostNanos);
    private ClusterHarness _cluster = null!;
    private ServerProcess _first = null!;
    private ServerProcess _second = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_OfOne_TheOtherCarriesOnAndReclaimsItsLease()
    {
        await StartBothAsync();
        var (onFirst, onSecond) = await WorkOnBothAsync();
        await _cluster.Gate.HoldAsync(2, OnSecond).WaitAsync(Patience, Token);

        await _second.KillAsync(Token);
        var before = onFirst.Served;
        await Eventually.HoldsAsync(() => onFirst.Served >= before + 50, TimeSpan.FromSeconds(15), Token);

        await onSecond.StopAsync();
        await Eventually.HoldsAsync(async () => (await _first.BudgetAsync(_account, Token)).OpenLeases <= 1, Patience, Token);
        await SpendTheRestAsync(onFirst);

        var answers = onFirst.Answers.Concat(onSecond.Answers).ToList();
        Assert.All(answers, answer => Assert.True(IsServedOrUnavailable(answer) || answer.Code == "insufficient_quota", answer.Text));
        var budget = await _first.BudgetAsync(_account, Token);
        Assert.True(budget.UnconfirmedUpperNanos >= _cluster.Gate.Held.Count * StubProvider.CostNanos);
        Books.Check(budget, _account, _cluster.Stub, answers, [.. _cluster.Gate.Held.Keys]);
    }

    [Fact]
    public async Task Terminate_OfOne_FailsNoRequestOnTheOtherAndGivesItsLeaseBack()
    {
        await StartBothAsync();
        var (onFirst, onSecond) = await WorkOnBothAsync();

        var code = await _second.TerminateAsync(Token).WaitAsync(Patience, Token);
        var leases = (await _first.BudgetAsync(_account, Token, collect: false)).OpenLeases;
        var before = onFirst.Served;
        await Eventually.HoldsAsync(() => onFirst.Served >= before + 50, Patience, Token);
        await Task.WhenAll(onFirst.StopAsync(), onSecond.StopAsync());

        Assert.Equal(0, code);
        Assert.True(leases <= 1, $"{leases} leases are open");
        Assert.All(onFirst.Answers, answer => Assert.True(answer.IsServed, answer.Text));
        Assert.All(onSecond.Answers, answer => Assert.True(IsServedOrUnavailable(answer), answer.Text));
        var budget = await _first.BudgetAsync(_account, Token);
        Assert.Equal(_cluster.Stub.BilledNanos(), budget.SettledNanos);
        Assert.Equal(0, budget.UnconfirmedUpperNanos);
    }

    [Fact]
    public async Task RedisRestarted_RequestsWaitOrAreToldToComeBackAndEverythingRecovers()
    {
        await StartBothAsync();
        var (onFirst, onSecond) = await WorkOnBothAsync();

        await _cluster.Redis.KillAsync(Token);
        await Eventually.HoldsAsync(async () => !await _first.IsReadyAsync(Token) && !await _second.IsReadyAsync(Token), Patience, Token);
        await _cluster.Redis.RestartAsync(Token);
        var (first, second) = (onFirst.Served, onSecond.Served);
        await Eventually.HoldsAsync(() => onFirst.Served >= first + 20 && onSecond.Served >= second + 20, Patience, Token);
        await Task.WhenAll(onFirst.StopAsync(), onSecond.StopAsync());

        var answers = onFirst.Answers.Concat(onSecond.Answers).ToList();
        Assert.All(answers, answer => Assert.True(IsServedOrUnavailable(answer), answer.Text));
        await Eventually.HoldsAsync(async () => await _first.IsReadyAsync(Token) && await _second.IsReadyAsync(Token), Patience, Token);
        Books.Check(await _first.BudgetAsync(_account, Token), _account, _cluster.Stub, answers, []);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private static bool IsServedOrUnavailable(Answer answer) =>
        answer.IsServed || (answer.Status == HttpStatusCode.ServiceUnavailable && answer.Code is "budget_unavailable" or "cluster_unavailable");

    private async Task StartBothAsync()
    {
        _cluster = await ClusterHarness.CreateAsync(Token, _account);
        _first = await _cluster.StartAsync(Token);
        _second = await _cluster.StartAsync(Token);
    }

    private async Task<(Workload First, Workload Second)> WorkOnBothAsync()
    {
        var works = (First: new Workload(_first, _account, Clients, Token), Second: new Workload(_second, _account, Clients, Token, OnSecond));
        await Eventually.HoldsAsync(() => works.First.Served >= 20 && works.Second.Served >= 20, Patience, Token);
        Assert.True((await _first.BudgetAsync(_account, Token)).OpenLeases >= 2);
        return works;
    }

    private async Task SpendTheRestAsync(Workload work)
    {
        await Eventually.HoldsAsync(() => work.Answers.Count(a => a.Code == "insufficient_quota") >= Clients, Patience, Token);
        await work.StopAsync();
        var budget = await _first.BudgetAsync(_account, Token);
        Assert.InRange(budget.SettledNanos + budget.UnconfirmedUpperNanos, 0.95 * _account.CapNanos, _account.CapNanos);
    }
}
