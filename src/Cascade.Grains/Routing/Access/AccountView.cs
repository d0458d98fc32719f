using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Model;

namespace Cascade.Grains.Routing;

/// <summary>
/// What a request of an account may call, and whose key each call is signed with. Whatever a request calls is taken from here: a stage, a stand-in, a
/// second call, a judge. Immutable and thread-safe.
/// </summary>
internal sealed class AccountView
{
    private readonly ImmutableArray<(string Owner, EndpointFilter Filter)> _filters;
    private readonly FrozenDictionary<string, OwnKey> _keys;

    private AccountView(ImmutableArray<(string Owner, EndpointFilter Filter)> filters, FrozenDictionary<string, OwnKey> keys) =>
        (_filters, _keys) = (filters, keys);

    /// <summary>The view of an account.</summary>
    /// <param name="path">The account and those above it, from the leaf to the root.</param>
    public static AccountView Of(IReadOnlyList<AccountModel> path)
    {
        var keys = new Dictionary<string, OwnKey>(StringComparer.Ordinal);
        foreach (var (endpoint, key) in path.SelectMany(static level => level.OwnKeys))
        {
            keys.TryAdd(endpoint, key);
        }

        return new AccountView(
            [.. path.Where(static level => level.Allow is { IsEmpty: false }).Select(static level => ($"account '{level.Id}'", level.Allow!))],
            keys.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>The view of a request that allows less than its account may use.</summary>
    public AccountView Narrowed(EndpointFilter? filter) =>
        filter is null or { IsEmpty: true } ? this : new AccountView(_filters.Add(("the request", filter)), _keys);

    /// <summary>A route as the request meets it: stages that are left with nobody to call stay in their places, because plans know them by these.</summary>
    public RouteModel Meet(RouteModel route) =>
        _filters.IsEmpty && _keys.Count == 0 ? route : route with { Stages = [.. route.Stages.Select(Meet)] };

    /// <summary>A stage as the request meets it.</summary>
    public StageModel Meet(StageModel stage) => _filters.IsEmpty && _keys.Count == 0 ? stage : stage.Select(Meet);

    /// <summary>Who is left out of a route, by whose filter and why.</summary>
    /// <param name="route">The route as it is configured.</param>
    /// <returns>A sentence without its end; empty when nobody is.</returns>
    public string Explain(RouteModel route)
    {
        var endpoints = route.Stages.SelectMany(static stage => stage.Deployments).DistinctBy(static endpoint => endpoint.Id).ToList();
        var parts = new List<string>();
        foreach (var (owner, filter) in _filters)
        {
            var left = endpoints.Select(endpoint => (endpoint.Id, Why: FilterRule.LeavesOut(filter, EndpointTraits.Of(endpoint)))).Where(static each => each.Why is not null).ToList();
            if (left.Count > 0)
            {
                parts.Add($"{owner} allows {FilterRule.Describe(filter)}, which leaves out {string.Join(", ", left.Select(static each => $"'{each.Id}' ({each.Why})"))}");
            }
        }

        return string.Join("; ", parts);
    }

    private EndpointModel? Meet(EndpointModel endpoint)
    {
        var traits = EndpointTraits.Of(endpoint);
        foreach (var (_, filter) in _filters)
        {
            if (FilterRule.LeavesOut(filter, traits) is not null)
            {
                return null;
            }
        }

        return _keys.TryGetValue(endpoint.Id.Value, out var key) ? endpoint.SignedWith(key) : endpoint;
    }
}
