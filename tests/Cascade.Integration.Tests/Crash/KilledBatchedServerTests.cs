using System.Globalization;
using Cascade.Integration.Tests.Gateway;
using Cascade.Providers.Pricing;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Integration.Tests.Crash;

/// <summary>A server with batched durability that is killed while calls run ahead of its journal.</summary>
public sealed class KilledBatchedServerTests : IAsyncDisposable
{
    private const int Clients = 8;
    private const int Held = 4;
    private const int Kills = 3;

    // A kill may come just after the journal was written, and on a busy machine several may.
    private const int MostKills = 8;
    private const int MaxOutputTokens = 600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BatchDelay = TimeSpan.FromSeconds(1);

    private readonly ServerAccount _account = new("acme", 1_200 * StubProvider.CostNanos) { ExposureNanos = 12 * StubProvider.CostNanos };
    private readonly CallGate _gate = new();
    private readonly List<Answer> _answers = [];
    private OpenAiStubServer _stub = null!;
    private ServerProcess _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_CallsRunAheadOfTheJournal_LosesNoMoreThanTheExposureAndTheLedgerHoldsIt()
    {
        _stub = await StubProvider.StartAsync(_gate.Decide, TimeSpan.FromMilliseconds(20));
        _server = await ServerProcess.StartAsync(
            new ServerSetup
            {
                Endpoints = [_stub.Endpoint() with { MaxOutputTokens = MaxOutputTokens }],
                Accounts = [_account],
                Settings = new Dictionary<string, string> { ["Storage:JournalBatchDelay"] = BatchDelay.ToString("c", CultureInfo.InvariantCulture) },
            },
            Token);

        var ahead = 0L;
        for (var kill = 1; kill <= Kills || (ahead == 0 && kill <= MostKills); kill++)
        {
            var before = await _server.BudgetAsync(_account, Token);
            await WorkAndKillAsync();
            ahead += await CheckBooksAsync(before, kill);
        }

        // Without a call that the journal had not heard of the rest of this test would prove nothing.
        Assert.True(ahead > 0, "no kill met a call that ran ahead of the journal");
    }

    public async ValueTask DisposeAsync()
    {
        FailureLog.Show(_server);
        await _server.DisposeAsync();
        await _stub.DisposeAsync();
    }

    private static long UpperNanos(StubRequest request) =>
        StubProvider.Prices.CostNanos(TokenBound.InputTokens(request.Messages, null, minBytesPerToken: 1), MaxOutputTokens);

    /// <summary>Kills the server within the batch delay after the last held calls have reached the provider, half of them billed.</summary>
    private async Task WorkAndKillAsync()
    {
        var known = _gate.Held.Count;
        var work = new Workload(_server, _account, Clients, Token);
        await Eventually.HoldsAsync(() => work.Served >= 20, Patience, Token);
        await _gate.HoldAsync(Held).WaitAsync(Patience, Token);
        await Eventually.HoldsAsync(
            () => _stub.Bills.Count(bill => _gate.Held.ContainsKey(bill.AttemptId)) == (known + Held) / 2, Patience, Token);
        await _server.KillAsync(Token);
        await work.StopAsync();
        _answers.AddRange(work.Answers);
        await _server.RestartAsync(Token);
    }

    /// <returns>What calls add up to that were answered, of which the journal knew nothing or not the end.</returns>
    private async Task<long> CheckBooksAsync(BudgetView before, int kill)
    {
        var budget = await _server.BudgetAsync(_account, Token);
        var billed = _stub.BilledNanos();
        Assert.True(billed <= _account.CapNanos, $"{billed} billed");
        Assert.True(budget.HeldNanos <= _account.CapNanos, $"{budget.HeldNanos} held");
        Assert.InRange(billed, budget.SettledNanos + budget.UnconfirmedLowerNanos, budget.SettledNanos + budget.UnconfirmedUpperNanos);

        // What was answered and is not booked is within the exposures of the leases that were torn away. Of each is held what the lease could still pay.
        var unbooked = _answers.Sum(answer => answer.CostNanos) - budget.SettledNanos;
        Assert.True(unbooked <= kill * _account.ExposureNanos, $"{unbooked} answered and not booked after {kill} kills");
        var held = budget.UnconfirmedUpperNanos - before.UnconfirmedUpperNanos;
        Assert.True(
            budget.UnconfirmedUpperNanos >= unbooked + (kill * Held * StubProvider.CostNanos),
            $"only {budget.UnconfirmedUpperNanos} are held of {unbooked} answered and not booked, and of {kill * Held} calls that were under way");
        Assert.True(held <= (2 * _account.ExposureNanos) + (Clients * _gate.Held.Values.Max(UpperNanos)), $"{held} held after one kill");
        return Math.Max(0, unbooked);
    }
}
