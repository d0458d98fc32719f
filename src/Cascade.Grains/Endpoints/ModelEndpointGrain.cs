using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Grains.State;
using Cascade.Storage;
using Microsoft.Extensions.Options;

namespace Cascade.Grains.Endpoints;

/// <summary>Leases an endpoint's capacity to silos and keeps what it cost. Slices are durable before they are used.</summary>
[GrainType("cascade.endpoint")]
internal sealed class ModelEndpointGrain(
    [PersistentState("endpoint", CascadeStorage.State)] IPersistentState<EndpointRecord> storage,
    ClusterModel model,
    IHolderLiveness liveness,
    TimeProvider time,
    IOptions<CascadeOptions> options) : Grain, IModelEndpointGrain
{
    private static readonly TimeSpan LongGone = TimeSpan.FromDays(1);

    private readonly CascadeOptions _options = options.Value;
    private CommittedState<EndpointRecord> _state = null!;

    private int Capacity => model.Endpoints.TryGetValue(this.GetPrimaryKeyString(), out var endpoint) ? endpoint.MaxInFlight : 0;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _state = new CommittedState<EndpointRecord>(storage, DeactivateOnIdle);
        return Task.CompletedTask;
    }

    public async Task<CapacityReply> AcquireAsync(CapacityRequest request, CancellationToken cancellationToken = default)
    {
        if (!HolderId.TryParse(request.Holder, out _) || request.InFlight < 0)
        {
            throw new CascadeException($"capacity request of holder '{request.Holder}' with {request.InFlight} in flight is not valid");
        }

        var now = time.GetUtcNow();
        var record = DropGone(_state.Current, now, keep: request.Holder);
        var wanted = Math.Max(0, request.WantedInFlight);
        var others = record.Slices.Where(s => s.Key != request.Holder).ToList();
        var shares = CapacityPlan.Share(Capacity, [wanted, .. others.Select(s => s.Value.Wanted)]);
        var granted = CapacityPlan.Grant(Capacity, shares[0], others.Sum(s => s.Value.Granted));

        var slice = new SliceRecord
        {
            // The holder may fill up to what it reported until it hears of less, so that much stays its own until it renews again.
            Granted = Math.Max(granted, request.InFlight),
            Wanted = wanted,
            ExpiresAt = now + _options.SliceLifetime,
            Usage = request.Usage,
        };
        await _state.CommitAsync(record with { Slices = record.Slices.SetItem(request.Holder, slice) }, cancellationToken);
        return new CapacityReply { GrantedInFlight = granted, Lifetime = _options.SliceLifetime };
    }

    public Task<EndpointSnapshot> GetSnapshotAsync(CancellationToken cancellationToken = default)
    {
        var record = DropGone(_state.Current, time.GetUtcNow(), keep: "");
        var snapshot = new EndpointSnapshot
        {
            Endpoint = new EndpointId(this.GetPrimaryKeyString()),
            MaxInFlight = Capacity,
            LeasedInFlight = record.Slices.Values.Sum(s => s.Granted),
            Holders = record.Slices.Values.Count(s => s.Granted > 0),
            Usage = record.Slices.Values.Aggregate(record.PastUsage, (sum, s) => sum + s.Usage),
        };
        return Task.FromResult(snapshot);
    }

    /// <summary>
    /// An expired slice frees its capacity at once, but its usage is folded into the past only when the holder cannot report again: its
    /// totals are cumulative and would count twice.
    /// </summary>
    private EndpointRecord DropGone(EndpointRecord record, DateTimeOffset now, string keep)
    {
        foreach (var (holder, slice) in record.Slices)
        {
            if (holder == keep || (slice.ExpiresAt > now && !liveness.IsDead(HolderId.Parse(holder))))
            {
                continue;
            }

            var gone = liveness.IsDead(HolderId.Parse(holder)) || slice.ExpiresAt + LongGone <= now;
            record = gone
                ? record with { Slices = record.Slices.Remove(holder), PastUsage = record.PastUsage + slice.Usage }
                : record with { Slices = record.Slices.SetItem(holder, slice with { Granted = 0, Wanted = 0 }) };
        }

        return record;
    }
}
