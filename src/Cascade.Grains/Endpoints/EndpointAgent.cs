using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Grains.State;
using Cascade.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cascade.Grains.Endpoints;

/// <summary>A silo's capacity: hands out permits from the slices the endpoint grains leased to it. Thread-safe.</summary>
internal sealed partial class EndpointAgent(
    IGrainFactory grains,
    ILocalSiloDetails silo,
    ClusterModel model,
    TimeProvider time,
    IOptions<CascadeOptions> options,
    CascadeInstruments instruments,
    ILogger<EndpointAgent> logger) : IEndpointStandings, IDisposable
{
    private readonly ConcurrentDictionary<string, EndpointGate> _gates = new(StringComparer.Ordinal);
    private readonly KeyPauses _pauses = new(time);
    private readonly ConcurrentDictionary<AccountId, Sharing> _sharing = new();
    private readonly string _holder = new HolderId(silo.SiloAddress, Slot: 0).ToString();

    /// <summary>Waits for the right to start one more call.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="account">Whose call it is: tenants share fairly, then the accounts of each.</param>
    /// <param name="tokens">The call's tokens, as estimated from above.</param>
    /// <param name="priority">What the request asks for; an account may lower its class and never raise it.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The permit, or why there is none and when to come back.</returns>
    public async ValueTask<Admission> AcquireAsync(
        EndpointModel endpoint, AccountId account, long tokens, RequestPriority priority, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (await _pauses.WaitAsync(endpoint, options.Value.PermitWait, cancellationToken) is var pause && pause > TimeSpan.Zero)
        {
            instruments.PermitRefused(endpoint.Id.Value, Names.Of(PermitRefusal.Paused));
            return new Admission(default, PermitRefusal.Paused, pause);
        }

        var sharing = SharingOf(account);
        var batch = priority == RequestPriority.Batch || sharing.Priority == RequestPriority.Batch;
        var ask = new PermitAsk(account, sharing.Tenant, sharing.Weight, tokens, batch ? RequestPriority.Batch : RequestPriority.Interactive);
        var admission = await GateOf(endpoint).EnterAsync(ask, cancellationToken);
        instruments.PermitWaited(endpoint.Id.Value, time.GetElapsedTime(started));
        if (admission.Refusal != PermitRefusal.None)
        {
            instruments.PermitRefused(endpoint.Id.Value, Names.Of(admission.Refusal));
        }

        return admission;
    }

    /// <summary>What calling an endpoint costs others now, in quality per token; 0 while it has room.</summary>
    public double CongestionPriceOf(EndpointModel endpoint) => _gates.TryGetValue(EndpointLane.Of(endpoint), out var gate) ? gate.CongestionPrice : 0;

    public EndpointStanding StandingOf(EndpointModel endpoint)
    {
        var standing = _gates.TryGetValue(EndpointLane.Of(endpoint), out var gate) ? gate.Standing : default;
        return _pauses.Left(endpoint) is var pause && pause > standing.PausedFor ? standing with { PausedFor = pause } : standing;
    }

    /// <summary>Learns what a provider said to a key that an account brings. It is told to nobody else: the next call under the key hears it anew.</summary>
    public void LearnOfKey(EndpointModel endpoint, in CallReport report) => _pauses.Learn(endpoint, report);

    public void WishFor(EndpointModel endpoint) => GateOf(endpoint).Wish();

    public void Eject(EndpointModel endpoint, TimeSpan time) => GateOf(endpoint).Eject(time);

    /// <summary>Renews the slices that are in use and gives back the ones that are not, each on its own.</summary>
    public Task TendAsync(CancellationToken cancellationToken) => Task.WhenAll(_gates.Values.Select(g => TendAsync(g, cancellationToken)));

    public void Dispose()
    {
        foreach (var gate in _gates.Values)
        {
            gate.Dispose();
        }
    }

    private async Task TendAsync(EndpointGate gate, CancellationToken cancellationToken)
    {
        try
        {
            await gate.TendAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogRenewalFailed(gate.Endpoint, e);
        }
    }

    private EndpointGate GateOf(EndpointModel endpoint) => _gates.GetOrAdd(
        EndpointLane.Of(endpoint),
        static (lane, made) => new EndpointGate(
            made.Endpoint,
            made.Agent._holder,
            (request, ct) => made.Agent.Grain(lane).AcquireAsync(request, ct),
            made.Agent.Clock,
            made.Agent.Limits,
            change => made.Agent.Instruments.InFlightChanged(made.Endpoint.Id.Value, change)),
        (Agent: this, Endpoint: endpoint));

    private IModelEndpointGrain Grain(string lane) => grains.GetGrain<IModelEndpointGrain>(lane);

    private TimeProvider Clock => time;

    private CascadeOptions Limits => options.Value;

    private CascadeInstruments Instruments => instruments;

    private Sharing SharingOf(AccountId account) => _sharing.TryGetValue(account, out var known) ? known : Share(account);

    /// <summary>An organisation shares as one, whatever it is divided into: by the weight of its first segment.</summary>
    private Sharing Share(AccountId account)
    {
        const int MostAccounts = 100_000;
        var slash = account.Value.IndexOf('/', StringComparison.Ordinal);
        var tenant = slash < 0 ? account.Value : account.Value[..slash];
        var top = model.Accounts.GetValueOrDefault(new AccountId(tenant));
        var own = model.FindAccount(account) ?? top;
        var sharing = new Sharing(tenant, top?.Weight ?? 1, own?.Priority ?? RequestPriority.Interactive);
        if (_sharing.Count < MostAccounts)
        {
            _sharing.TryAdd(account, sharing);
        }

        return sharing;
    }

    private sealed record Sharing(string Tenant, double Weight, RequestPriority Priority);
}
