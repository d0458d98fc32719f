using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Grains.State;
using Cascade.Storage;
using Microsoft.Extensions.Options;

namespace Cascade.Grains.Endpoints;

/// <summary>Leases an endpoint's capacity to silos and keeps what it cost. Slices and grants are durable before they are used.</summary>
[GrainType("cascade.endpoint")]
internal sealed class ModelEndpointGrain(
    [PersistentState("endpoint", CascadeStorage.State)] IPersistentState<EndpointRecord> storage,
    ClusterModel model,
    IHolderLiveness liveness,
    TimeProvider time,
    IOptions<CascadeOptions> options) : Grain, IModelEndpointGrain
{
    private CommittedState<EndpointRecord> _state = null!;
    private EndpointDesk? _desk;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (storage.State.SchemaVersion is < 1 or > EndpointRecord.CurrentVersion)
        {
            throw new CascadeException(
                $"the stored endpoint has schema version {storage.State.SchemaVersion}; this build reads 1 to {EndpointRecord.CurrentVersion}, use a newer one");
        }

        _state = new CommittedState<EndpointRecord>(storage, DeactivateOnIdle);
        _desk = EndpointLane.Find(model, this.GetPrimaryKeyString()) is { } endpoint ? new EndpointDesk(endpoint, options.Value) : null;
        return Task.CompletedTask;
    }

    public async Task<CapacityReply> AcquireAsync(CapacityRequest request, CancellationToken cancellationToken = default)
    {
        if (!HolderId.TryParse(request.Holder, out _) || request.InFlight < 0)
        {
            throw new CascadeException($"capacity request of holder '{request.Holder}' with {request.InFlight} in flight is not valid");
        }

        if (_desk is null)
        {
            return new CapacityReply { GrantedInFlight = 0, Lifetime = options.Value.SliceLifetime };
        }

        var (record, reply) = _desk.Acquire(_state.Current, request, time.GetUtcNow(), IsDead);
        await _state.CommitAsync(record, cancellationToken);
        return reply;
    }

    public Task<EndpointSnapshot> GetSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var id = new EndpointId(this.GetPrimaryKeyString());
        return Task.FromResult(_desk?.Snapshot(id, _state.Current, time.GetUtcNow(), IsDead) ?? new EndpointSnapshot
        {
            Endpoint = id,
            MaxInFlight = 0,
            LeasedInFlight = 0,
            Holders = 0,
            Usage = _state.Current.Slices.Values.Aggregate(_state.Current.PastUsage, (sum, s) => sum + s.Usage),
        });
    }

    private bool IsDead(string holder) => liveness.IsDead(HolderId.Parse(holder));
}
