using System.Globalization;
using Cascade.Integration.Tests.Chaos;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Xunit;

namespace Cascade.Integration.Tests.Capacity;

/// <summary>A provider that dies under 50 requests a second on three servers and comes back, alone and with another deployment beside it.</summary>
[Collection(ChaosTests.Alone)]
public sealed class OutageTests : IAsyncDisposable
{
    private const int Servers = 3;
    private const int PerSecond = 50;
    private const int MaxInFlight = 32;
    private const int Crowd = 100;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(2);

    // Far shorter than each server by itself would stay away from a deployment that fares worse than its equals.
    private static readonly TimeSpan BriefOutage = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeftWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(5);

    private readonly CapacityOptions _options = new();
    private readonly ServerAccount _account = new("acme", 1_000_000 * StubProvider.CostNanos);
    private readonly List<ServerProcess> _servers = [];
    private readonly List<OpenAiStubServer> _stubs = [];
    private RedisServer _redis = null!;
    private SteadyCallers _callers = null!;
    private StubFault? _dead;
    private TimeSpan _diedAt;
    private TimeSpan _returnedAt;
    private TimeSpan _end;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The provider that dies; its clock is the clock of the test.</summary>
    private OpenAiStubServer Mortal => _stubs[0];

    [Fact]
    public async Task DiesAndReturns_NoOtherDeployment_IsLeftAloneProbedAndNotStormed()
    {
        await StartAsync(deployments: 1);
        await RunAsync(new StubFault.Status(503), _options.Outage, crowd: Crowd);

        AssertLeftAndProbed(leastProbes: 1);
        AssertNotStormed();
        var later = Asked(_returnedAt + BackWithin, _end);
        var refused = later.Where(static a => a.Answer is not { IsServed: true }).ToList();
        var how = string.Join(' ', refused.Select(a => $"{(a.AskedAt - _returnedAt).TotalSeconds:F1}={a.Answer?.Code}"));
        Say($"{refused.Count} of {later.Count} were refused after it was back: {how}");

        // A machine that is busy with other things may need a second more until the limit has grown to what is asked.
        Assert.True(refused.Count <= PerSecond, $"{refused.Count} of {later.Count} were refused after it was back: {how}");
        Assert.Equal(Crowd, _callers.LargestCrowd);
    }

    [Fact]
    public async Task DiesAndReturns_AnotherDeploymentIsHealthy_NobodyNoticesAndItIsUsedAgain()
    {
        await StartAsync(deployments: 2);
        await RunAsync(new StubFault.AbortBeforeBilling(), BriefOutage, crowd: 0);

        AssertLeftAndProbed(leastProbes: 0);
        // Servers that have just started on a busy machine may find no place in time; that is not what dies here.
        var asked = Asked(_diedAt - (2 * Second), _end);
        var refused = asked.Where(static a => a.Answer is not { IsServed: true }).ToList();
        Assert.True(refused.Count == 0, $"{refused.Count} of {asked.Count} were refused, the first at {refused.FirstOrDefault()?.AskedAt}: {refused.FirstOrDefault()?.Answer?.Text}");

        // Two that are equals share: by half, more or less.
        var (from, to) = (_returnedAt + BackWithin, _returnedAt + BackWithin + (2 * Second));
        var share = Came(from, to) / (PerSecond * (to - from).TotalSeconds);
        Say($"it has {share:P0} of the calls again");
        Assert.InRange(share, 0.25, 0.75);
    }

    public async ValueTask DisposeAsync()
    {
        FailureLog.Show(_servers);
        foreach (var server in _servers)
            await server.DisposeAsync();
        foreach (var stub in _stubs)
            await stub.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task StartAsync(int deployments)
    {
        _redis = await RedisServer.StartAsync("everysec", Token);
        _stubs.Add(await StubProvider.StartAsync(_ => Volatile.Read(ref _dead), Latency));
        while (_stubs.Count < deployments)
            _stubs.Add(await StubProvider.StartAsync(latency: Latency));
        var setup = new ServerSetup
        {
            RedisConnection = _redis.ConnectionString,
            Endpoints = deployments == 1
                ? [Mortal.Endpoint()]
                : [.. _stubs.Select(static (stub, i) => stub.Endpoint() with { Name = $"stub/deployment-{i}" })],
            Accounts = [_account],
            Settings = Settings(deployments),
        };
        for (var i = 0; i < Servers; i++)
            _servers.Add(await ServerProcess.StartAsync(setup, Token));
    }

    private static Dictionary<string, string> Settings(int deployments)
    {
        // A machine that stands still for a moment is no server that has died.
        var settings = new Dictionary<string, string> { ["Limits:ProbeTimeout"] = "00:00:10" };
        foreach (var name in deployments == 1 ? [ServerRequests.Model] : Enumerable.Range(0, deployments).Select(static i => $"stub/deployment-{i}"))
        {
            settings[$"Endpoints:{name}:MaxInFlight"] = MaxInFlight.ToString(CultureInfo.InvariantCulture);
            settings[$"Endpoints:{name}:Health:ProbeInterval"] = ProbeInterval.ToString("c", CultureInfo.InvariantCulture);
            if (deployments > 1)
                settings[$"Endpoints:{name}:Reliability:Group"] = ServerRequests.Model;
        }

        return settings;
    }

    private async Task RunAsync(StubFault death, TimeSpan outage, int crowd)
    {
        _callers = new SteadyCallers(_servers, _account, PerSecond, crowd, () => Mortal.Now, Token);
        await PassAsync(_options.Health);
        Volatile.Write(ref _dead, death);
        _diedAt = Mortal.Now;
        await PassAsync(outage);
        Volatile.Write(ref _dead, null);
        _returnedAt = Mortal.Now;
        await PassAsync(BackWithin + _options.Health);
        _end = Mortal.Now;
        await _callers.StopAsync();
    }

    private static async Task PassAsync(TimeSpan span)
    {
        using var timer = new PeriodicTimer(span);
        await timer.WaitForNextTickAsync(Token);
    }

    private void AssertLeftAndProbed(int leastProbes)
    {
        Assert.True(Came(_diedAt - (2 * Second), _diedAt) > 0, "it was not used before it died");
        var (from, to) = (_diedAt + LeftWithin, _returnedAt);
        var most = (int)Math.Ceiling((to - from) / ProbeInterval) + 1;
        var probes = Came(from, to);
        var last = Mortal.Visits.Where(v => v.ArrivedAt > _diedAt && v.ArrivedAt < from).Select(v => v.ArrivedAt - _diedAt).DefaultIfEmpty().Max();
        Say($"{Came(_diedAt, from)} calls until it was left after {last}, then {probes} probes in {to - from}, at most {most}");
        Assert.InRange(probes, leastProbes, most);
    }

    /// <summary>
    /// An adaptive limit starts at an eighth of the ceiling and rises by one with each limit's worth of answers, and by one with each report; within a
    /// second that is far from the half of it, which the crowd and the others would fill at once.
    /// </summary>
    private void AssertNotStormed()
    {
        var log = new ProviderLog(Mortal.Visits, _end, static r => r.Model);
        var probed = Mortal.Visits.Where(v => v.ArrivedAt >= _returnedAt).Min(static v => v.ArrivedAt);
        var back = Mortal.Visits.Where(v => v.ArrivedAt > probed).Min(static v => v.ArrivedAt);
        var most = log.MostAtOnce(back, back + Second);
        var came = log.Came(back, back + Second);
        var bound = (int)(MaxInFlight / 2 * (Second / Latency));
        Say($"probed {probed - _returnedAt} and used {back - _returnedAt} after its return; in the second after that {came} calls of at most {bound}, {most} at once");
        Assert.True(back - _returnedAt < BackWithin, $"it was used again {back - _returnedAt} after its return");
        Assert.InRange(most, 1, MaxInFlight / 2);
        Assert.True(came <= bound, $"{came} calls came in the first second");
    }

    private int Came(TimeSpan from, TimeSpan to) => Mortal.Visits.Count(v => v.ArrivedAt >= from && v.ArrivedAt < to);

    private List<SteadyAnswer> Asked(TimeSpan from, TimeSpan to) => [.. _callers.Answers.Where(a => a.AskedAt >= from && a.AskedAt < to)];

    private static void Say(string what) => TestContext.Current.SendDiagnosticMessage(what);
}
