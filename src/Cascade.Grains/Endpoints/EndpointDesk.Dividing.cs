using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

internal sealed partial class EndpointDesk
{
    /// <summary>The slice of calls in flight, and how the silo's tenants share it.</summary>
    private (int Granted, ImmutableArray<TenantShare> Shares) Slice(EndpointRecord record, CapacityRequest request, DateTimeOffset now)
    {
        string[] holders = [request.Holder, .. record.Slices.Keys.Where(h => h != request.Holder)];
        var wants = WantsOf(holders);
        var limit = LimitAt(now);
        var fair = FairShares.Divide(limit, wants);
        var sums = new double[holders.Length];
        for (var i = 0; i < fair.Length; i++)
        {
            sums[wants[i].Holder] += fair[i];
        }

        var shares = Shares(wants, fair);
        if (_circuit.IsOpen)
        {
            return (0, shares);
        }

        var wanted = holders.Select((h, i) => i == 0 ? Math.Max(0, request.WantedInFlight) : record.Slices[h].Wanted).ToArray();
        var whole = FairShares.Round(sums, [.. holders.Select(h => _holders.GetValueOrDefault(h)?.Owed ?? 0)]);
        KeepWhatIsOwed(record, holders, sums, now);

        // What nobody needs now is room to grow, which saves a silo with rising traffic from asking per call.
        var room = CapacityPlan.Share(Math.Max(0, limit - whole.Sum()), [.. wanted.Select((w, i) => Math.Max(0, w - whole[i]))]);
        return (CapacityPlan.Grant(limit, Math.Min(whole[0] + room[0], wanted[0]), InFlightElsewhere(record, request)), shares);
    }

    private List<Want> WantsOf(string[] holders)
    {
        var wants = new List<Want>();
        for (var i = 0; i < holders.Length; i++)
        {
            foreach (var demand in _holders.TryGetValue(holders[i], out var view) ? view.Demands : [])
            {
                wants.Add(new Want(i, demand.Tenant, Math.Max(1e-6, demand.Weight), Math.Max(0, demand.Calls)));
            }
        }

        return wants;
    }

    private static ImmutableArray<TenantShare> Shares(List<Want> wants, double[] fair) =>
    [
        .. Enumerable.Range(0, fair.Length)
            .Where(i => wants[i].Holder == 0 && fair[i] > 0)
            .Select(i => new TenantShare { Tenant = wants[i].Tenant, Weight = fair[i] }),
    ];

    private void KeepWhatIsOwed(EndpointRecord record, string[] holders, double[] sums, DateTimeOffset now)
    {
        var elapsed = _owedAt == default ? 0 : Math.Clamp((now - _owedAt).TotalSeconds, 0, 1);
        _owedAt = now;
        for (var i = 0; i < holders.Length; i++)
        {
            if (_holders.TryGetValue(holders[i], out var view))
            {
                var has = record.Slices.GetValueOrDefault(holders[i])?.Granted ?? 0;
                view.Owed = sums[i] == 0 ? 0 : Math.Clamp(view.Owed + ((sums[i] - has) * elapsed), -MostOwed, MostOwed);
            }
        }
    }

    private EndpointRecord ReportUses(EndpointRecord record, CapacityRequest request, DateTimeOffset now)
    {
        var before = RateBook.Counted(record);
        record = RateBook.Report(record, request.Holder, request.RateUses, now);
        var after = RateBook.Counted(record);
        _requests?.PutBack(before.Requests - after.Requests);
        _tokens?.PutBack(before.Tokens - after.Tokens);
        return record;
    }

    /// <summary>Gives a silo what is saved up for it, as far as it wants it.</summary>
    private (EndpointRecord Record, RateGrant? Grant, TimeSpan AskAgainIn) GrantRate(EndpointRecord record, CapacityRequest request, DateTimeOffset now)
    {
        if (!HasRates || PausedFor(now) > TimeSpan.Zero)
        {
            return (record, null, TimeSpan.Zero);
        }

        var shares = RateShares();
        var (countedRequests, countedTokens) = RateBook.Counted(record);
        _requests?.Divide(_model.Capacity.RequestsPerMinute!.Value - countedRequests, With(shares, static v => v.WantedRequests), now);
        _tokens?.Divide(_model.Capacity.TokensPerMinute!.Value - countedTokens, With(shares, static v => v.WantedTokens), now);
        if (request.WantedRequests <= 0)
        {
            return (record, null, TimeSpan.Zero);
        }

        var requests = _requests is null ? request.WantedRequests : Math.Min(request.WantedRequests, (long)(_requests.Of(request.Holder) + 1e-6));
        var tokens = _tokens is null ? 0 : Math.Min(request.WantedTokens, (long)(_tokens.Of(request.Holder) + 1e-6));
        if (requests < 1 || (_tokens is not null && tokens < Math.Min(request.LeastTokens, request.WantedTokens)))
        {
            var share = shares[request.Holder];
            var wait = _requests?.Until(request.Holder, share, 1) ?? TimeSpan.Zero;
            var waitForTokens = _tokens?.Until(request.Holder, share, request.LeastTokens) ?? TimeSpan.Zero;
            return (record, null, Bounded(wait > waitForTokens ? wait : waitForTokens));
        }

        _requests?.Take(request.Holder, requests);
        _tokens?.Take(request.Holder, tokens);
        var (next, rate) = Give(record, request.Holder, requests, tokens, now);
        return (next, rate, requests < request.WantedRequests ? Bounded(TimeSpan.Zero) : TimeSpan.Zero);
    }

    /// <summary>A probe is a call like any other, and counts against the rate limits.</summary>
    private (EndpointRecord Record, RateGrant? Grant, TimeSpan AskAgainIn) GrantProbe(
        EndpointRecord record, CapacityRequest request, int probes, DateTimeOffset now)
    {
        if (!HasRates || probes == 0)
        {
            return (record, null, TimeSpan.Zero);
        }

        var (requests, tokens) = RateBook.Counted(record);
        var fits = requests + probes <= (_model.Capacity.RequestsPerMinute ?? long.MaxValue)
            && tokens + request.LeastTokens <= (_model.Capacity.TokensPerMinute ?? long.MaxValue);
        if (!fits)
        {
            return (record, null, TimeSpan.Zero);
        }

        var (next, rate) = Give(record, request.Holder, probes, request.LeastTokens, now);
        return (next, rate, TimeSpan.Zero);
    }

    private (EndpointRecord Record, RateGrant Grant) Give(EndpointRecord record, string holder, long requests, long tokens, DateTimeOffset now)
    {
        var grant = new GrantRecord { Id = record.LastGrant + 1, Requests = requests, Tokens = tokens, EndsAt = now + _options.RateInterval };
        var slice = record.Slices[holder];
        record = record with
        {
            LastGrant = grant.Id,
            Slices = record.Slices.SetItem(holder, slice with { Grants = slice.Grants.Add(grant) }),
        };
        return (record, new RateGrant { Id = grant.Id, Requests = requests, Tokens = tokens, Lifetime = _options.RateInterval });
    }

    // A silo that asked for more than it got comes back when about a call's worth has been saved up, not at once and not much later.
    private TimeSpan Bounded(TimeSpan wait)
    {
        var least = _options.RateInterval / 10;
        return wait < least ? least : wait > _options.RateInterval ? _options.RateInterval : wait;
    }

    /// <summary>The silos' shares of a rate: fair among tenants by what waits, wherever it waits.</summary>
    private Dictionary<string, double> RateShares()
    {
        string[] holders = [.. _holders.Where(h => h.Value.WantedRequests > 0).Select(h => h.Key).Order(StringComparer.Ordinal)];
        var wants = WantsOf(holders);
        var shares = holders.ToDictionary(h => h, _ => 0.0, StringComparer.Ordinal);

        // Every tenant wants more than there is here, or nothing would be held back: so by weight, and within a tenant by its callers.
        var fair = FairShares.Divide(1, [.. wants.Select(w => w with { Wanted = w.Wanted * 1e6 })]);
        for (var i = 0; i < fair.Length; i++)
        {
            shares[holders[wants[i].Holder]] += fair[i];
        }

        return shares;
    }

    private Dictionary<string, (double Share, double Most)> With(Dictionary<string, double> shares, Func<HolderView, long> wanted) =>
        shares.ToDictionary(s => s.Key, s => (Math.Max(1e-6, s.Value), (double)wanted(_holders[s.Key])), StringComparer.Ordinal);

    private double Utilisation(EndpointRecord record)
    {
        var calls = _holders.Values.Sum(h => h.Demands.Sum(d => d.Calls));
        var busy = calls / (double)Math.Max(1, _circuit.IsOpen ? 1 : _limit.Current);
        var (requests, tokens) = RateBook.Counted(record);
        if (_model.Capacity.RequestsPerMinute is { } perMinute)
        {
            busy = Math.Max(busy, (requests + _holders.Values.Sum(h => h.WantedRequests)) / (double)perMinute);
        }

        if (_model.Capacity.TokensPerMinute is { } tokensPerMinute)
        {
            busy = Math.Max(busy, (tokens + _holders.Values.Sum(h => h.WantedTokens)) / (double)tokensPerMinute);
        }

        return busy;
    }
}
