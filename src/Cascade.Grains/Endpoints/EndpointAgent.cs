using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.State;
using Cascade.Grains.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cascade.Grains.Endpoints;

/// <summary>A silo's capacity: hands out permits from the slices the endpoint grains leased to it. Thread-safe.</summary>
internal sealed partial class EndpointAgent(
    IGrainFactory grains,
    ILocalSiloDetails silo,
    TimeProvider time,
    IOptions<CascadeOptions> options,
    CascadeInstruments instruments,
    ILogger<EndpointAgent> logger)
{
    private readonly ConcurrentDictionary<EndpointId, EndpointGate> _gates = new();
    private readonly string _holder = new HolderId(silo.SiloAddress, Slot: 0).ToString();

    /// <summary>Waits for the right to have one more call in flight.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="account">Whose call it is: accounts take turns.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>The permit, or null when none came free in time or too many wait.</returns>
    public async ValueTask<Permit?> AcquireAsync(EndpointId endpoint, AccountId account, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var gate = GateOf(endpoint);
        var entered = await gate.EnterAsync(account, cancellationToken);
        instruments.PermitWaited(endpoint.Value, time.GetElapsedTime(started));
        return entered ? new Permit(gate) : null;
    }

    /// <summary>Renews the slices that are in use and gives back the ones that are not, each on its own.</summary>
    public Task TendAsync(CancellationToken cancellationToken) => Task.WhenAll(_gates.Values.Select(g => TendAsync(g, cancellationToken)));

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

    private EndpointGate GateOf(EndpointId endpoint) => _gates.GetOrAdd(
        endpoint,
        static (id, agent) => new EndpointGate(
            id,
            agent.Request,
            agent.Clock,
            agent.Limits,
            change => agent.Instruments.InFlightChanged(id.Value, change)),
        this);

    private TimeProvider Clock => time;

    private CascadeOptions Limits => options.Value;

    private CascadeInstruments Instruments => instruments;

    private Task<CapacityReply> Request(EndpointId endpoint, int wanted, int inFlight, EndpointUsage usage, CancellationToken ct) =>
        grains.GetGrain<IModelEndpointGrain>(endpoint.Value).AcquireAsync(
            new CapacityRequest { Holder = _holder, WantedInFlight = wanted, InFlight = inFlight, Usage = usage },
            ct);
}

/// <summary>The right to have one call in flight.</summary>
internal sealed class Permit(EndpointGate gate)
{
    private int _returned;

    /// <summary>Gives the right back and counts the call.</summary>
    /// <param name="failed">Whether the call failed.</param>
    /// <param name="tokens">What it used.</param>
    /// <param name="costNanos">What it cost, in nano-dollars.</param>
    public void Return(bool failed, TokenUsage tokens, long costNanos)
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
        {
            gate.Leave(failed, tokens, costNanos);
        }
    }

    /// <summary>Gives the right back without a call having been made.</summary>
    public void ReturnUnused()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0)
        {
            gate.LeaveUnused();
        }
    }
}
