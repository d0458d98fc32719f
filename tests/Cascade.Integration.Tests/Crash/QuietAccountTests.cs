using Cascade.Integration.Tests.Chaos;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using StackExchange.Redis;
using Xunit;

namespace Cascade.Integration.Tests.Crash;

/// <summary>An account that makes its last calls before a crash and is never asked for again: its books are closed all the same.</summary>
public sealed class QuietAccountTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ServerAccount _account = new("acme", 600 * StubProvider.CostNanos);
    private readonly CallGate _gate = new();
    private readonly List<ServerProcess> _servers = [];
    private RedisServer _redis = null!;
    private OpenAiStubServer _stub = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_NobodyAsksAgain_EndedCallsAreBookedAndTheOpenOneIsWhenItIsOld()
    {
        await StartAsync();
        var (first, second) = (_servers[0], _servers[1]);
        Assert.True((await first.AskAsync(_account, Token)).IsServed);
        var held = _gate.HoldAsync(1);
        var broken = first.AskAsync(_account, Token);
        await held.WaitAsync(Patience, Token);

        await first.KillAsync(Token);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => broken);

        // The storage is read past the cluster, or the question would do what the sweep is for.
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_redis.ConnectionString);
        await Eventually.HoldsAsync(async () => await StoredBooks.ReadAsync(redis, _account.Name) is { OpenStreams: 0 } books && books.SettledNanos == StubProvider.CostNanos, Patience, Token);
        await Eventually.HoldsAsync(async () => (await StoredBooks.ReadAsync(redis, _account.Name)).SettledNanos > StubProvider.CostNanos, Patience, Token);

        Assert.Empty((await StoredBooks.ReadAsync(redis, _account.Name)).Unconfirmed);
        Assert.True(await second.IsReadyAsync(Token));
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
        _stub = await StubProvider.StartAsync(_gate.Decide, TimeSpan.FromMilliseconds(20));
        var setup = new ServerSetup
        {
            RedisConnection = _redis.ConnectionString,
            Endpoints = [_stub.Endpoint()],
            Accounts = [_account],
            Settings = new Dictionary<string, string>
            {
                ["Limits:SweepInterval"] = "00:00:01",
                ["Limits:LeaseLifetime"] = "00:00:08",
                ["Limits:UnconfirmedHold"] = "00:00:20",
            },
        };
        for (var i = 0; i < 2; i++)
            _servers.Add(await ServerProcess.StartAsync(setup, Token));
    }
}
