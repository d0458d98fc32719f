using System.Globalization;
using Cascade.Integration.Tests.Chaos;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Integration.Tests.Capacity;

/// <summary>
/// Three servers on one redis-server and two endpoints of the same limits, each wanted by 500 callers for more than a minute. The one answers so slowly
/// that calls in flight run out, the other so fast that calls per minute do.
/// </summary>
[Collection(ChaosTests.Alone)]
public sealed class CapacityTests : IAsyncDisposable
{
    private const int Servers = 3;
    private const int MaxInFlight = 32;
    private const int PerMinute = 600;
    private const string Slow = "slow";
    private const string Quick = "quick";
    private const double Used = 0.95;
    private const double Fair = 0.98;
    private static readonly string[] Models = [Slow, Quick];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SlowLatency = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan QuickLatency = TimeSpan.FromMilliseconds(500);

    private readonly CapacityOptions _options = new();

    // Nine tenths of the callers are of one tenant, on all servers and from several accounts; another has few callers, and all of them on one server.
    private readonly Tenant[] _tenants = [Tenant.Of("large", 450, accounts: 5), Tenant.Of("narrow", 25, server: Servers - 1), Tenant.Of("wide", 25)];
    private readonly List<ServerProcess> _servers = [];
    private RedisServer _redis = null!;
    private OpenAiStubServer _stub = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FiveHundredCallers_BothLimitsHold_AreUsedUpAndSharedFairly()
    {
        await StartAsync();
        using var callers = new PatientCallers(_servers, _tenants, [.. Models.Select(static model => $"stub/{model}")], Token);
        await Eventually.HoldsAsync(() => Models.All(model => _stub.Visits.Any(v => v.Request.Model == model)), Patience, Token);
        using var timer = new PeriodicTimer(_options.Duration);
        await timer.WaitForNextTickAsync(Token);
        var end = _stub.Now;
        await callers.StopAsync();

        Assert.Empty(callers.Refusals);
        var (slow, quick) = (LogOf(Slow, end), LogOf(Quick, end));
        AssertLimits(slow, end);
        AssertLimits(quick, end);
        AssertCallsInFlightAreUsed(slow, end);
        AssertRateIsUsed(quick, end);
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
        _redis = await RedisServer.StartAsync("everysec", Token);
        _stub = await OpenAiStubServer.StartAsync(
            new Dictionary<string, IChatClient>
            {
                [Slow] = StubProvider.Client(SlowLatency),
                [Quick] = StubProvider.Client(QuickLatency),
            },
            new OpenAiStubOptions { Prices = Models.ToDictionary(static model => model, static _ => StubProvider.Prices) });
        var setup = new ServerSetup
        {
            RedisConnection = _redis.ConnectionString,
            Endpoints = [.. Models.Select(model => new ServerEndpoint($"stub/{model}", model, _stub.BaseUrl))],
            Accounts = [.. _tenants.SelectMany(static t => t.Accounts)],
            Settings = Settings(),
        };
        for (var i = 0; i < Servers; i++)
            _servers.Add(await ServerProcess.StartAsync(setup, Token));
    }

    private static Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            // Everybody waits for a place and nobody for an answer that says to come back.
            ["Limits:PermitWait"] = "00:10:00",
            ["Limits:RequestDeadline"] = "00:10:00",

            // A machine that stands still for a moment is no server that has died.
            ["Limits:ProbeTimeout"] = "00:00:10",
        };
        foreach (var model in Models)
        {
            settings[$"Endpoints:stub/{model}:MaxInFlight"] = MaxInFlight.ToString(CultureInfo.InvariantCulture);
            settings[$"Endpoints:stub/{model}:Capacity:RequestsPerMinute"] = PerMinute.ToString(CultureInfo.InvariantCulture);

            // The limit is what is measured, and a machine that is slow for a moment is no provider that is.
            settings[$"Endpoints:stub/{model}:Capacity:Adaptive"] = "false";
        }

        return settings;
    }

    private ProviderLog LogOf(string model, TimeSpan end) => new(_stub.Visits.Where(v => v.Request.Model == model), end, PatientCallers.TenantOf);

    private static void AssertLimits(ProviderLog log, TimeSpan end)
    {
        var (atOnce, inAMinute) = (log.MostAtOnce(TimeSpan.Zero, end), log.MostWithin(Minute));
        Assert.True(atOnce <= MaxInFlight, $"{atOnce} calls were in flight");
        Assert.True(inAMinute <= PerMinute, $"{inAMinute} calls were started in a minute");
    }

    private static void AssertCallsInFlightAreUsed(ProviderLog log, TimeSpan end)
    {
        var full = log.Reached(MaxInFlight);
        Assert.True(full is not null, $"never more than {log.MostAtOnce(TimeSpan.Zero, end)} in flight");
        var served = log.ServedBy(full.Value, end);
        var used = served.Values.Sum() / MaxInFlight;
        var jain = ProviderLog.Jain([.. served.Values]);
        TestContext.Current.SendDiagnosticMessage($"in flight: {used:P1} used from {full.Value - log.First} on, Jain {jain:F4} ({Text(served)})");
        Assert.True(used >= Used, $"{used:P1} of {MaxInFlight} in flight were used");
        Assert.True(jain >= Fair, $"Jain's index is {jain:F3}: {Text(served)}");
    }

    private static void AssertRateIsUsed(ProviderLog log, TimeSpan end)
    {
        var came = log.CameBy(log.First, end);
        var used = came.Values.Sum() / (PerMinute * ((end - log.First) / Minute));
        var jain = ProviderLog.Jain([.. came.Values]);
        TestContext.Current.SendDiagnosticMessage(
            $"rate: {used:P1} used, {log.MostWithin(Minute)} in the fullest minute, Jain {jain:F4} ({Text(came)}), most in flight {log.MostAtOnce(TimeSpan.Zero, end)}");
        Assert.True(used >= Used, $"{used:P1} of {PerMinute} a minute were used");
        Assert.True(jain >= Fair, $"Jain's index is {jain:F3}: {Text(came)}");
    }

    private static string Text(IReadOnlyDictionary<string, double> shares) =>
        string.Join(", ", shares.OrderBy(static s => s.Key).Select(static s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {s.Value:F1}")));
}
