using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;

namespace Cascade.Grains.Endpoints;

/// <summary>
/// Runs one endpoint's capacity for the whole cluster: who may have how many calls in flight, who may start how many, whether the endpoint is in
/// use at all, and what its scarcity costs. What must survive is in the record it returns; the rest is learned again. Not thread-safe.
/// </summary>
internal sealed partial class EndpointDesk
{
    private const double MostOwed = 4;
    private static readonly TimeSpan LongGone = TimeSpan.FromDays(1);
    private static readonly TimeSpan Burst = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(10);

    private readonly EndpointModel _model;
    private readonly CascadeOptions _options;
    private readonly Dictionary<string, HolderView> _holders = new(StringComparer.Ordinal);
    private readonly AdaptiveLimit _limit;
    private readonly CircuitBreaker _circuit;
    private readonly CongestionPrice _price;
    private readonly RateCredits? _requests;
    private readonly RateCredits? _tokens;
    private readonly ProviderQuota _quota;
    private DateTimeOffset _askedUntil;
    private DateTimeOffset _owedAt;

    public EndpointDesk(EndpointModel model, CascadeOptions options)
    {
        (_model, _options) = (model, options);
        var capacity = model.Capacity;
        _limit = new AdaptiveLimit(Math.Min(capacity.MinInFlight, model.MaxInFlight), model.MaxInFlight, capacity);
        _circuit = new CircuitBreaker(model.Health);
        _price = new CongestionPrice(capacity.ExpectedTokens);
        _quota = new ProviderQuota(capacity.ExpectedTokens);
        _requests = capacity.RequestsPerMinute is { } requests ? new RateCredits(requests, Burst) : null;
        _tokens = capacity.TokensPerMinute is { } tokens ? new RateCredits(tokens, Burst) : null;
    }

    private TimeSpan Window => RateBook.Window(_options.RateSlack);

    private bool HasRates => _requests is not null || _tokens is not null;

    /// <summary>Applies a silo's request.</summary>
    /// <returns>What to store before the reply is sent.</returns>
    public (EndpointRecord Record, CapacityReply Reply) Acquire(
        EndpointRecord record, CapacityRequest request, DateTimeOffset now, Func<string, bool> isDead)
    {
        record = DropGone(record, now, keep: request.Holder, isDead) with { SchemaVersion = EndpointRecord.CurrentVersion };
        var known = record.Slices.GetValueOrDefault(request.Holder);
        if (known is not null && request.Sequence > 0 && request.Sequence <= known.Sequence)
        {
            // A later request was answered already, and what this one says is no longer so.
            return (record, new CapacityReply { GrantedInFlight = 0, Lifetime = TimeSpan.Zero });
        }

        var view = View(request.Holder);
        Learn(view, request, InFlightElsewhere(record, request) + request.InFlight, now);
        record = RateBook.Prune(ReportUses(record, request, now), now, Window);
        var (granted, shares) = Slice(record, request, now);
        var slice = new SliceRecord
        {
            // The holder may fill up to what it reported until it hears of less, so that much stays its own until it renews again.
            Granted = Math.Max(granted, request.InFlight),
            Wanted = Math.Max(0, request.WantedInFlight),
            ExpiresAt = now + _options.SliceLifetime,
            Usage = request.Usage,
            Sequence = request.Sequence,
            Grants = record.Slices.GetValueOrDefault(request.Holder)?.Grants ?? [],
        };
        record = record with { Slices = record.Slices.SetItem(request.Holder, slice) };
        var pause = PausedFor(now);
        var probes = request.WantedInFlight > 0 && pause == TimeSpan.Zero && _circuit.TryTakeProbe(now) ? 1 : 0;
        var (next, rate, again) = _circuit.IsOpen ? GrantProbe(record, request, probes, now) : GrantRate(record, request, now);
        _price.Move(Utilisation(next), now);
        return (next, new CapacityReply
        {
            GrantedInFlight = granted,
            Lifetime = _options.SliceLifetime,
            Shares = shares,
            Rate = rate,
            AskAgainIn = _circuit.IsOpen ? Later(_circuit.UntilProbe(now) is var probe && probe > pause ? probe : pause) : again,
            Circuit = _circuit.IsOpen ? EndpointCircuit.Open : EndpointCircuit.Closed,
            PausedFor = pause,
            Probes = probes,
            CongestionPrice = _price.Current,
        });
    }

    /// <summary>How things stand.</summary>
    public EndpointSnapshot Snapshot(EndpointId id, EndpointRecord record, DateTimeOffset now, Func<string, bool> isDead)
    {
        record = RateBook.Prune(DropGone(record, now, keep: "", isDead), now, Window);
        var (requests, tokens) = RateBook.Counted(record);
        return new EndpointSnapshot
        {
            Endpoint = id,
            MaxInFlight = _model.MaxInFlight,
            LeasedInFlight = record.Slices.Values.Sum(s => s.Granted),
            Holders = record.Slices.Values.Count(s => s.Granted > 0),
            Usage = record.Slices.Values.Aggregate(record.PastUsage, (sum, s) => sum + s.Usage),
            LimitInFlight = _circuit.IsOpen ? 0 : LimitAt(now),
            RequestsPerMinute = _model.Capacity.RequestsPerMinute,
            TokensPerMinute = _model.Capacity.TokensPerMinute,
            RequestsInMinute = requests,
            TokensInMinute = tokens,
            WantedInFlight = _holders.Values.Sum(h => h.Demands.Sum(d => d.Calls)),
            Circuit = _circuit.IsOpen ? EndpointCircuit.Open : EndpointCircuit.Closed,
            PausedFor = PausedFor(now),
            CongestionPrice = _price.Current,
            CircuitOpenings = _circuit.Openings,
            ProbesSent = _circuit.Probes,
            ProviderRequestsLeft = _quota.Requests(now),
            ProviderTokensLeft = _quota.Tokens(now),
            OutstandingTokens = _holders.Values.Sum(h => h.OutstandingTokens),
            EjectedBy = _holders.Values.Count(h => h.EjectedUntil > now),
            Group = _model.Reliability.Group,
        };
    }

    private HolderView View(string holder)
    {
        if (!_holders.TryGetValue(holder, out var view))
        {
            _holders[holder] = view = new HolderView();
        }

        return view;
    }

    /// <summary>The most calls that other silos may have in flight.</summary>
    private static int InFlightElsewhere(EndpointRecord record, CapacityRequest request) =>
        record.Slices.Where(slice => slice.Key != request.Holder).Sum(static slice => slice.Value.Granted);

    private void Learn(HolderView view, CapacityRequest request, int inFlight, DateTimeOffset now)
    {
        view.Demands = request.Demands;
        (view.WantedRequests, view.WantedTokens) = (Math.Max(0, request.WantedRequests), Math.Max(0, request.WantedTokens));
        var change = view.Change(request.Signals);
        if (request.PausedFor > TimeSpan.Zero && now + request.PausedFor > _askedUntil)
        {
            _askedUntil = now + request.PausedFor;
        }

        _quota.Learn(request.RequestsLeft, request.TokensLeft, request.LimitsAge, now);
        (view.OutstandingTokens, view.EjectedUntil) = (request.OutstandingTokens, now + request.EjectedFor);
        _limit.Learn(change, _holders.Values.Sum(h => h.Demands.Sum(d => d.Calls)), inFlight, now);
        if (_circuit.Learn(change, now))
        {
            _limit.StartLow();
        }
    }

    /// <summary>How long the provider is left alone by all: as long as it asked for, and until it would take a call by its own newest count.</summary>
    private TimeSpan PausedFor(DateTimeOffset now)
    {
        var (asked, counted) = (Left(_askedUntil, now), _quota.UntilOne(now));
        return asked > counted ? asked : counted;
    }

    /// <summary>Calls in flight that are let in now: what adapting has left of the most, and no more than the provider says it would still take.</summary>
    private int LimitAt(DateTimeOffset now) => Math.Min(_limit.Current, Math.Max(1, _quota.Calls(now) ?? int.MaxValue));

    /// <summary>
    /// A dead holder's slice frees its capacity at once. Of one that has expired nothing is started any more, but a holder that lives may still have calls
    /// in flight for as long as a call can take. Usage is folded into the past only when the holder cannot report again: its totals are cumulative and
    /// would count twice.
    /// </summary>
    private EndpointRecord DropGone(EndpointRecord record, DateTimeOffset now, string keep, Func<string, bool> isDead)
    {
        foreach (var (holder, slice) in record.Slices)
        {
            var dead = isDead(holder);
            if (holder == keep || (slice.ExpiresAt > now && !dead))
            {
                continue;
            }

            _holders.Remove(holder);
            if (dead || slice.ExpiresAt + LongGone <= now)
            {
                record = RateBook.Orphan(record, slice);
                record = record with { Slices = record.Slices.Remove(holder), PastUsage = record.PastUsage + slice.Usage };
            }
            else if (slice.ExpiresAt + _model.Timeout is var empty && (slice.Wanted > 0 || (slice.Granted > 0 && empty <= now)))
            {
                record = record with { Slices = record.Slices.SetItem(holder, slice with { Granted = empty <= now ? 0 : slice.Granted, Wanted = 0 }) };
            }
        }

        return record;
    }

    private static TimeSpan Left(DateTimeOffset until, DateTimeOffset now) => until > now ? until - now : TimeSpan.Zero;

    private static TimeSpan Later(TimeSpan wait) => wait > Soonest ? wait : Soonest;
}
