using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Model;

/// <summary>Which endpoints pass a filter. Pure. What is not known of an endpoint does not pass.</summary>
internal static class FilterRule
{
    /// <summary>Why an endpoint does not pass.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>Half a sentence about the endpoint; null when it passes.</returns>
    public static string? LeavesOut(EndpointFilter filter, in EndpointTraits endpoint)
    {
        if (Misses(filter.Endpoints, endpoint.Name) && Misses(filter.Endpoints, endpoint.Group))
        {
            return "not named";
        }

        if (Misses(filter.Regions, endpoint.Region))
        {
            return endpoint.Region.Length == 0 ? "no region" : $"region {endpoint.Region}";
        }

        if (Misses(filter.Providers, endpoint.Provider))
        {
            return $"provider {endpoint.Provider}";
        }

        foreach (var tag in filter.Tags.IsDefault ? [] : filter.Tags)
        {
            if (!endpoint.Tags.Contains(tag, StringComparer.Ordinal))
            {
                return $"no tag {tag}";
            }
        }

        return null;
    }

    /// <summary>The filter in words.</summary>
    /// <param name="filter">The filter.</param>
    /// <returns>For example <c>regions eu, de and tags gdpr</c>.</returns>
    public static string Describe(EndpointFilter filter)
    {
        (string Name, ImmutableArray<string> Names)[] lists =
        [
            ("endpoints", filter.Endpoints), ("regions", filter.Regions), ("tags", filter.Tags), ("providers", filter.Providers),
        ];
        return string.Join(" and ", lists.Where(static list => !list.Names.IsDefaultOrEmpty).Select(static list => $"{list.Name} {string.Join(", ", list.Names)}"));
    }

    private static bool Misses(ImmutableArray<string> names, string name) => !names.IsDefaultOrEmpty && !names.Contains(name, StringComparer.Ordinal);
}

/// <summary>What filters ask of an endpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Group">The group that it is in; empty for none.</param>
/// <param name="Region">Where it is; empty when that is not known.</param>
/// <param name="Provider">The kind of its provider.</param>
/// <param name="Tags">What else is known of it.</param>
internal readonly record struct EndpointTraits(string Name, string Group, string Region, string Provider, IReadOnlyCollection<string> Tags)
{
    public static EndpointTraits Of(EndpointModel endpoint) =>
        new(endpoint.Id.Value, endpoint.Reliability.Group, endpoint.Region, endpoint.Provider, endpoint.Tags);
}
