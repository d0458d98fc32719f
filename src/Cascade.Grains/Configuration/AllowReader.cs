using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers;

namespace Cascade.Grains.Configuration;

/// <summary>Turns what accounts allow into filters.</summary>
internal sealed class AllowReader(List<string> problems, CascadeConfig cluster)
{
    /// <returns>The filter; null when it leaves nobody out.</returns>
    public EndpointFilter? Read(string path, AllowConfig config)
    {
        Check($"{path}:{nameof(config.Endpoints)}", "endpoint and no group", config.Endpoints, StageNames.Of(cluster));
        Check($"{path}:{nameof(config.Regions)}", "region of an endpoint", config.Regions, [.. cluster.Endpoints.Values.Select(static e => e.Region).Where(static r => r.Length > 0)]);
        Check($"{path}:{nameof(config.Tags)}", "tag of an endpoint", config.Tags, [.. cluster.Endpoints.Values.SelectMany(static e => e.Tags)]);
        Check($"{path}:{nameof(config.Providers)}", "kind of provider", config.Providers, ProviderKinds.All);
        var filter = new EndpointFilter
        {
            Endpoints = [.. config.Endpoints],
            Regions = [.. config.Regions],
            Tags = [.. config.Tags],
            Providers = [.. config.Providers],
        };
        return filter.IsEmpty ? null : filter;
    }

    /// <summary>Finds what accounts allow in vain, because an account above them does not.</summary>
    /// <param name="path">Where the account's filter is.</param>
    /// <param name="own">The account's filter.</param>
    /// <param name="above">The filters of the accounts above it.</param>
    public void CheckPath(string path, EndpointFilter own, IReadOnlyList<EndpointFilter> above)
    {
        var before = problems.Count;
        CheckInVain($"{path}:{nameof(own.Endpoints)}", own.Endpoints, above, static name => new EndpointFilter { Endpoints = [name] });
        CheckInVain($"{path}:{nameof(own.Regions)}", own.Regions, above, static name => new EndpointFilter { Regions = [name] });
        CheckInVain($"{path}:{nameof(own.Providers)}", own.Providers, above, static name => new EndpointFilter { Providers = [name] });
        if (problems.Count == before && !IsAnyLeft([own, .. above]))
        {
            problems.Add($"{path} leaves no endpoint to call{(above.Count == 0 ? "" : " of those that the accounts above it allow")}; allow more, or remove it");
        }
    }

    private void CheckInVain(string path, IReadOnlyList<string> names, IReadOnlyList<EndpointFilter> above, Func<string, EndpointFilter> alone)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (IsAnyLeft([alone(names[i])]) && !IsAnyLeft([alone(names[i]), .. above]))
            {
                problems.Add($"{path}:{i} is '{names[i]}', which an account above it does not allow; allow it there too, or remove it");
            }
        }
    }

    private bool IsAnyLeft(IReadOnlyList<EndpointFilter> filters) => cluster.Endpoints.Any(endpoint =>
    {
        var config = endpoint.Value;
        var traits = new EndpointTraits(endpoint.Key, config.Reliability.Group, config.Region, config.Provider, config.Tags);
        return filters.All(filter => FilterRule.LeavesOut(filter, traits) is null);
    });

    private void Check(string path, string what, List<string> names, IReadOnlyList<string> known)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (!known.Contains(names[i], StringComparer.Ordinal))
            {
                problems.Add($"{path}:{i} is '{names[i]}', which is no {what}{NameSuggestion.For(names[i], known)}; correct or remove it");
            }
        }

        if (names.Count > EndpointFilter.MaxNames)
        {
            problems.Add($"{path} has {names.Count} names; give at most {EndpointFilter.MaxNames}");
        }
    }
}
