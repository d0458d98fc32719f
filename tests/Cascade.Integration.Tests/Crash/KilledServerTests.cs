using Cascade.Integration.Tests.Gateway;
using Cascade.Providers.Pricing;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Integration.Tests.Crash;

/// <summary>A server that is killed in the middle of its work, three times, and goes on with the same money.</summary>
public sealed class KilledServerTests : IAsyncDisposable
{
    private const int Clients = 8;
    private const int MaxOutputTokens = 600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ServerAccount _account = new("acme", 600 * StubProvider.CostNanos);
    private readonly CallGate _gate = new();
    private OpenAiStubServer _stub = null!;
    private ServerProcess _server = null!;
    private readonly List<Answer> _answers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_InTheMiddleOfAWorkload_LosesNothingAndTheRestCanBeSpent()
    {
        _stub = await StubProvider.StartAsync(_gate.Decide, TimeSpan.FromMilliseconds(20));
        _server = await ServerProcess.StartAsync(
            new ServerSetup { Endpoints = [_stub.Endpoint() with { MaxOutputTokens = MaxOutputTokens }], Accounts = [_account] }, Token);

        // With every client's call held, what is in flight at the kill is known to the last call.
        await WorkAndKillAsync(held: Clients);
        var first = await CheckBooksAsync();
        Assert.Equal(_answers.Count * StubProvider.CostNanos, first.SettledNanos);
        Assert.Equal(_gate.Held.Values.Sum(UpperNanos), first.UnconfirmedUpperNanos);
        Assert.Equal(Clients / 2, _stub.Bills.Count(bill => _gate.Held.ContainsKey(bill.AttemptId)));

        for (var kill = 2; kill <= 3; kill++)
        {
            await WorkAndKillAsync(held: Clients / 2);
            await CheckBooksAsync();
        }

        await SpendTheRestAsync();
    }

    public async ValueTask DisposeAsync()
    {
        FailureLog.Show(_server);
        await _server.DisposeAsync();
        await _stub.DisposeAsync();
    }

    private static long UpperNanos(StubRequest request) =>
        StubProvider.Prices.CostNanos(TokenBound.InputTokens(request.Messages, null, minBytesPerToken: 1), MaxOutputTokens);

    private async Task WorkAndKillAsync(int held)
    {
        var work = new Workload(_server, _account, Clients, Token);
        await Eventually.HoldsAsync(() => work.Served >= 10, Patience, Token);
        await _gate.HoldAsync(held).WaitAsync(Patience, Token);
        if (held < Clients)
        {
            var before = work.Served;
            await Eventually.HoldsAsync(() => work.Served >= before + 4, Patience, Token);
        }

        // Half of the held calls have been billed, or are about to be.
        await Eventually.HoldsAsync(
            () => _stub.Bills.Count(bill => _gate.Held.ContainsKey(bill.AttemptId)) == _gate.Held.Count / 2, Patience, Token);
        await _server.KillAsync(Token);
        await work.StopAsync();
        Assert.All(work.Answers, answer => Assert.True(answer.IsServed, answer.Text));
        _answers.AddRange(work.Answers);
        await _server.RestartAsync(Token);
    }

    /// <summary>Checks that the books and the provider's bills agree, as far as anybody can know.</summary>
    private async Task<BudgetView> CheckBooksAsync()
    {
        var budget = await _server.BudgetAsync(_account, Token);
        Books.Check(budget, _account, _stub, _answers, [.. _gate.Held.Keys]);
        Assert.Equal(0, budget.SettledNanos % StubProvider.CostNanos);
        Assert.True(budget.UnconfirmedUpperNanos >= _gate.Held.Values.Sum(UpperNanos));
        return budget;
    }

    private async Task SpendTheRestAsync()
    {
        var before = await _server.BudgetAsync(_account, Token);
        var work = new Workload(_server, _account, Clients, Token);
        await Eventually.HoldsAsync(() => work.Answers.Count(a => a.Code == "insufficient_quota") >= Clients, Patience, Token);
        await work.StopAsync();

        Assert.All(work.Answers, answer => Assert.True(answer.IsServed || answer.Code == "insufficient_quota", answer.Text));
        var after = await _server.BudgetAsync(_account, Token);
        var rest = _account.CapNanos - before.SettledNanos - before.UnconfirmedUpperNanos;
        Assert.True(rest > 10 * StubProvider.CostNanos, $"only {rest} were left to spend");
        Assert.InRange(after.SettledNanos - before.SettledNanos, 0.95 * rest, rest);
        Assert.Equal(before.UnconfirmedUpperNanos, after.UnconfirmedUpperNanos);
        Assert.InRange(_stub.BilledNanos(), after.SettledNanos, _account.CapNanos);
    }
}
