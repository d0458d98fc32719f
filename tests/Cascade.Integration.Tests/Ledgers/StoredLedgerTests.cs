using System.Globalization;
using System.Text.Json;
using Cascade.Cli;
using Cascade.Cli.Commands;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using Spectre.Console;
using StackExchange.Redis;
using Xunit;

namespace Cascade.Integration.Tests.Ledgers;

/// <summary>The operator's commands on the storage of a real cluster: a server process on a redis-server, and a provider with bills of its own.</summary>
public sealed class StoredLedgerTests : IAsyncDisposable
{
    private const int Calls = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ServerAccount _account = new("acme", 600 * StubProvider.CostNanos);
    private RedisServer? _redis;
    private OpenAiStubServer _stub = null!;
    private ServerProcess _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LedgerCommands_OnARunningAndThenADeadCluster_TellVerifyAndReconcile()
    {
        await StartAsync();
        for (var i = 0; i < Calls; i++)
        {
            Assert.True((await _server.AskAsync(_account, Token)).IsServed);
        }

        Assert.False((await _server.AskAsync(_account, Token, prompt: "break")).IsServed);
        await _server.BudgetAsync(_account, Token);
        await Eventually.HoldsAsync(async () => await SpentAsync("model") == Calls * StubProvider.CostNanos, Patience, Token);
        Assert.Equal(Calls * StubProvider.CostNanos, await SpentAsync("day"));
        await AssertVerifiedAsync();

        await ReconcileByTheProvidersExportAsync();
        Assert.Equal(_stub.BilledNanos(), (await _server.BudgetAsync(_account, Token)).SettledNanos);
        await Eventually.HoldsAsync(async () => await SpentAsync("account") == _stub.BilledNanos(), Patience, Token);
        Assert.Equal(_stub.BilledNanos(), await SpentOverHttpAsync());

        await _server.KillAsync(Token);
        await AssertVerifiedAsync();
        await using (var redis = await ConnectionMultiplexer.ConnectAsync(_redis!.ConnectionString))
        {
            await redis.GetDatabase().ListSetByIndexAsync("cascade/ledger/{acme}/0", 1, "1 2 e1 00000000");
        }

        var damaged = await RunAsync("ledger", "verify");
        Assert.Equal(ExitCodes.Contradiction, damaged.ExitCode);
        Assert.Contains("damaged at entry 2", damaged.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LedgerCommands_EmbeddedStorage_IsReadOnceItsServerIsStopped()
    {
        _stub = await StubProvider.StartAsync();
        _server = await ServerProcess.StartAsync(new ServerSetup { Endpoints = [_stub.Endpoint()], Accounts = [_account] }, Token);
        Assert.True((await _server.AskAsync(_account, Token)).IsServed);
        await _server.BudgetAsync(_account, Token);

        var busy = await RunAsync("ledger", "verify");
        Assert.Equal(ExitCodes.Unavailable, busy.ExitCode);
        Assert.Contains("stop the server that uses it", busy.Errors, StringComparison.Ordinal);

        await _server.KillAsync(Token);
        await AssertVerifiedAsync();
        Assert.Equal(StubProvider.CostNanos, await SpentAsync("month"));
    }

    public async ValueTask DisposeAsync()
    {
        FailureLog.Show(_server);
        await _server.DisposeAsync();
        await _stub.DisposeAsync();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        _redis = await RedisServer.StartAsync("always", Token);
        _stub = await StubProvider.StartAsync(request => request.Messages[^1].Text == "break" ? new StubFault.AbortAfterBilling() : null);
        _server = await ServerProcess.StartAsync(
            new ServerSetup { RedisConnection = _redis.ConnectionString, Endpoints = [_stub.Endpoint()], Accounts = [_account] }, Token);
    }

    private async Task ReconcileByTheProvidersExportAsync()
    {
        using var folder = new TempDirectory();
        var export = Path.Combine(folder.Path, "provider.jsonl");
        await File.WriteAllLinesAsync(
            export,
            _stub.Bills.Select(bill => JsonSerializer.Serialize(new { attempt_id = bill.AttemptId, cost_usd = Usd.Exact(bill.Nanos) })),
            Token);

        // The first time every row is told what becomes of it, the second time nothing is left to do.
        foreach (var (reconciled, already) in ((int, int)[])[(1, 0), (0, 1)])
        {
            await Eventually.HoldsAsync(
                async () => JsonDocument.Parse((await RunAsync("budget", "unconfirmed", "--json")).Output).RootElement.GetArrayLength() == reconciled, Patience, Token);
            var run = await RunAsync("budget", "reconcile", "--file", export, "--json");
            Assert.True(run.ExitCode == ExitCodes.Done, run.Errors + run.Output);
            var report = JsonDocument.Parse(run.Output).RootElement;
            Assert.Equal(
                (reconciled, already, Calls),
                (report.GetProperty("reconciled").GetInt32(), report.GetProperty("already").GetInt32(), report.GetProperty("unknown").GetInt32()));
        }
    }

    private async Task AssertVerifiedAsync()
    {
        var run = await RunAsync("ledger", "verify");
        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors + run.Output);
    }

    private async Task<long> SpentAsync(string by)
    {
        var run = await RunAsync("ledger", "spend", "--by", by, "--json");
        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors);
        return Nanos(JsonDocument.Parse(run.Output).RootElement.GetProperty("total_usd"));
    }

    private async Task<long> SpentOverHttpAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/ledger/spend?by=model");
        request.Headers.Authorization = new("Bearer", _account.Key);
        using var response = await _server.Http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, text);
        return Nanos(JsonDocument.Parse(text).RootElement.GetProperty("total").GetProperty("cost_usd"));
    }

    private static long Nanos(JsonElement usd) => (long)(decimal.Parse(usd.GetString()!, CultureInfo.InvariantCulture) * 1_000_000_000m);

    private async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        var host = new CliHost(terminal, output, errors, TimeProvider.System, terminal);
        string[] storage = _redis is null ? ["--data", _server.DataDirectory] : ["--redis", _redis.ConnectionString];
        var exitCode = await CommandTree.RunAsync([.. args, .. storage], host);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
