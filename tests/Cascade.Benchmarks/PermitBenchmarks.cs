using BenchmarkDotNet.Attributes;
using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;

namespace Cascade.Benchmarks;

/// <summary>The place of a call that the silo's slice has room for: taken and given back without a message.</summary>
[MemoryDiagnoser]
public class PermitBenchmarks
{
    private const int Tenants = 64;
    private static readonly CallReport Answered =
        new(CallEffect.Answered, HasFailed: false, new TokenUsage { InputTokens = 100, OutputTokens = 200 }, CostNanos: 1_000, RetryAfter: null);

    private readonly PermitAsk[] _asks = [.. Enumerable.Range(0, Tenants).Select(static i =>
        new PermitAsk(new AccountId($"tenant-{i}/search"), $"tenant-{i}", Weight: 1, Tokens: 300, RequestPriority.Interactive))];

    private EndpointGate _unlimited = null!;
    private EndpointGate _rated = null!;
    private int _next;

    /// <summary>Opens two gates with a slice that lasts.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _unlimited = Gate(new CapacityModel());
        _rated = Gate(new CapacityModel { RequestsPerMinute = 10_000_000, TokensPerMinute = 100_000_000_000 });
        await InFlightAsync();
        await WithRatesAsync();
    }

    /// <summary>Closes them.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _unlimited.Dispose();
        _rated.Dispose();
    }

    /// <summary>Limited by calls in flight alone.</summary>
    [Benchmark]
    public ValueTask InFlightAsync() => EnterAndLeaveAsync(_unlimited);

    /// <summary>Limited by calls and tokens per minute besides.</summary>
    [Benchmark]
    public ValueTask WithRatesAsync() => EnterAndLeaveAsync(_rated);

    private async ValueTask EnterAndLeaveAsync(EndpointGate gate)
    {
        var entering = gate.EnterAsync(_asks[_next++ & (Tenants - 1)], CancellationToken.None);
        if (!entering.IsCompletedSuccessfully)
            throw new InvalidOperationException("the slice has no room");
        (await entering).Permit.Return(Answered);
    }

    /// <summary>A gate with more than it will use: what renewals cost is a silo's rhythm and no call's.</summary>
    private static EndpointGate Gate(CapacityModel capacity) => new(
        BenchEndpoint.Create() with { Capacity = capacity },
        "127.0.0.1:1@1/0",
        static (request, _) => Task.FromResult(new CapacityReply
        {
            GrantedInFlight = 1_000,
            Lifetime = TimeSpan.FromHours(1),
            Rate = new RateGrant { Id = request.Sequence, Requests = long.MaxValue / 2, Tokens = long.MaxValue / 2, Lifetime = TimeSpan.FromHours(1) },
        }),
        TimeProvider.System,
        new CascadeOptions(),
        static _ => { });
}
