using System.Globalization;
using System.Net;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using StackExchange.Redis;
using Xunit;

namespace Cascade.Integration.Tests.Chaos;

/// <summary>Three servers on a redis-server that syncs every write, 64 callers, and something killed every few seconds.</summary>
[Collection(Alone)]
public sealed class ChaosTests : IAsyncDisposable
{
    /// <summary>Three servers, a redis-server and 64 callers want the machine for themselves.</summary>
    public const string Alone = "Alone";

    private const int Servers = 3;

    /// <summary>A kill waits for so many calls at the provider: then it is likely that the killed server has made some of them.</summary>
    private const int CallsUnderWay = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ChaosOptions _options = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly List<ServerProcess> _servers = [];
    private readonly List<TimeSpan> _kills = [];
    private readonly List<Task> _restarts = [];
    private readonly Random _draw = new(20_261_126);
    private RedisServer _redis = null!;
    private OpenAiStubServer _stub = null!;
    private long _began;

    // One account can pay for the whole run, the other runs out in its middle, so that its cap is held while everything breaks.
    private readonly ServerAccount _rich = new("rich", 10_000_000 * StubProvider.CostNanos);
    private readonly ServerAccount _tight = new("tight", 400 * StubProvider.CostNanos);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TimeSpan Now => _time.GetElapsedTime(_began);

    [Fact]
    public async Task Kill9EveryFewSeconds_OfServersAndRedis_OverspendsNothingAndTheLedgerIsTheProvidersOwnLog()
    {
        await StartAsync();
        var callers = new ChaosCallers(_servers, [_rich, _tight], _options.Callers, () => Now, Token);
        await ShakeAsync();
        var ended = Now;
        await callers.StopAsync();
        await Task.WhenAll(_restarts);

        await AssertResolvedAsync();
        AssertServedAgain(callers.Answers, ended);
        Assert.Empty(callers.Answers.Where(call => !IsExpected(call.Answer)).Select(call => $"{call.AskedAt:c} to {call.AnsweredAt:c}: {call.Answer!.Text}"));
        await AssertBooksAsync(callers.Answers);
    }

    public async ValueTask DisposeAsync()
    {
        FailureLog.Show(_servers);
        foreach (var server in _servers)
            await server.DisposeAsync();
        await _stub.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task StartAsync()
    {
        _redis = await RedisServer.StartAsync("always", Token);

        // Each account asks a model of its own, so that the provider's log tells whose money a call was.
        string[] models = [_rich.Name, _tight.Name];
        _stub = await StubProvider.StartAsync(models, TimeSpan.FromMilliseconds(200));
        var setup = new ServerSetup
        {
            RedisConnection = _redis.ConnectionString,
            Endpoints = [.. models.Select(model => new ServerEndpoint(ChaosCallers.ModelOf(model), model, _stub.BaseUrl))],
            Accounts = [_rich, _tight],
            Settings = models
                .SelectMany(model => new KeyValuePair<string, string>[]
                {
                    new($"Endpoints:{ChaosCallers.ModelOf(model)}:MaxInFlight", "256"),
                    new($"Endpoints:{ChaosCallers.ModelOf(model)}:TimeoutSeconds", "10"),
                })
                .Append(new("Limits:LeaseLifetime", _options.LeaseLifetime.ToString("c", CultureInfo.InvariantCulture)))
                .ToDictionary(),
        };
        for (var i = 0; i < Servers; i++)
            _servers.Add(await ServerProcess.StartAsync(setup, Token));
        _began = _time.GetTimestamp();
    }

    /// <summary>
    /// Kills one server at a time, never the same twice running, and only while the provider works on calls, so that some are broken off; the
    /// killed one is started again while the others serve.
    /// </summary>
    private async Task ShakeAsync()
    {
        var redisAt = Enumerable.Range(1, _options.RedisRestarts).Select(i => _options.Duration * i / (_options.RedisRestarts + 1)).ToList();
        using var timer = new PeriodicTimer(_options.KillEvery);
        var last = Servers - 1;
        while ((Now < _options.Duration || redisAt.Count > 0) && await timer.WaitForNextTickAsync(Token))
        {
            if (redisAt.Count > 0 && Now >= redisAt[0])
            {
                redisAt.RemoveAt(0);
                await _redis.RestartAsync(Token);
                _kills.Add(Now);
                continue;
            }

            await Task.WhenAll(_restarts);
            await Eventually.HoldsAsync(() => _stub.InFlight >= CallsUnderWay, Patience, Token);
            last = (last + 1 + _draw.Next(Servers - 1)) % Servers;
            await _servers[last].KillAsync(Token);
            _kills.Add(Now);
            _restarts.Add(_servers[last].RestartAsync(Token));
        }
    }

    /// <summary>After two lease lifetimes nothing is reserved any more: every lease is given back or reclaimed, and every stream sealed.</summary>
    private async Task AssertResolvedAsync()
    {
        var started = Now;
        await Eventually.HoldsAsync(IsResolvedAsync, Patience, Token);
        var took = Now - started;
        TestContext.Current.SendDiagnosticMessage($"everything was resolved after {took.TotalSeconds:F1} s, {_kills.Count} kills");
        Assert.True(took <= 2 * _options.LeaseLifetime, $"reservations were open for {took}");
    }

    private async Task<bool> IsResolvedAsync()
    {
        foreach (var account in new[] { _rich, _tight })
        {
            if ((await _servers[0].BudgetAsync(account, Token)).OpenLeases > 0)
                return false;
        }

        return true;
    }

    private void AssertServedAgain(IReadOnlyCollection<TimedAnswer> answers, TimeSpan ended)
    {
        var worst = Waits(answers, ended).MaxBy(wait => wait.Took);
        TestContext.Current.SendDiagnosticMessage($"the longest time without service after a kill: {worst.Took.TotalSeconds:F1} s");
        Assert.True(worst.Took <= _options.ServedAgainWithin, $"after the kill at {worst.Kill} nobody was served for {worst.Took}");
    }

    private IEnumerable<(TimeSpan Kill, TimeSpan Took)> Waits(IReadOnlyCollection<TimedAnswer> answers, TimeSpan ended)
    {
        var served = answers.Where(call => call.Account == _rich.Name && call.Answer is { IsServed: true }).ToList();
        return _kills
            .Where(kill => kill + _options.ServedAgainWithin <= ended)
            .Select(kill => (kill, served.Where(call => call.AskedAt >= kill).Select(call => call.AnsweredAt - kill).DefaultIfEmpty(TimeSpan.MaxValue).Min()));
    }

    private static bool IsExpected(Answer? answer) => answer is null or { IsServed: true }
        || answer is { Status: HttpStatusCode.PaymentRequired, Code: "insufficient_quota" }
        || (answer.Status == HttpStatusCode.ServiceUnavailable && answer.Code is "budget_unavailable" or "cluster_unavailable" or "provider_failed");

    private async Task AssertBooksAsync(IReadOnlyCollection<TimedAnswer> answers)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        var rich = await StoredBooks.ReadAsync(redis, _rich.Name);
        var tight = await StoredBooks.ReadAsync(redis, _tight.Name);
        Assert.Equal(0, rich.OpenStreams + tight.OpenStreams);

        var bills = _stub.Bills.ToLookup(bill => bill.Model);
        rich.CheckAgainst([.. bills[_rich.Name]], _rich.CapNanos);
        tight.CheckAgainst([.. bills[_tight.Name]], _tight.CapNanos);
        var spent = tight.SettledNanos + tight.Unconfirmed.Values.Sum(attempt => attempt.UpperNanos);
        var held = rich.Unconfirmed.Count + tight.Unconfirmed.Count;
        TestContext.Current.SendDiagnosticMessage(
            $"{_kills.Count} kills; {answers.Count} calls, {answers.Count(a => a.Answer is { IsServed: true })} served, {_stub.Bills.Count} billed, "
            + $"{held} held of {rich.IntentsWithoutEnd + tight.IntentsWithoutEnd} without an end, the tight cap is used to {(double)spent / _tight.CapNanos:P1}");
        Assert.True(held > 0, "no kill broke a call off, so nothing was shown");
        Assert.True(spent >= 0.9 * _tight.CapNanos, $"only {spent} of {_tight.CapNanos} were used");
    }
}

/// <summary>Tests that run when no other does.</summary>
[CollectionDefinition(ChaosTests.Alone, DisableParallelization = true)]
public sealed class AloneGroup;
