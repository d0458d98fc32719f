namespace Cascade.Grains.Configuration;

/// <summary>What routes, judges and caps on models may name.</summary>
internal static class StageNames
{
    /// <summary>The names of endpoints and of their groups.</summary>
    public static IReadOnlyList<string> Of(CascadeConfig config) =>
        [.. config.Endpoints.Keys.Concat(config.Endpoints.Values.Select(static e => e.Reliability.Group).Where(static g => g.Length > 0)).Distinct(StringComparer.Ordinal)];
}
