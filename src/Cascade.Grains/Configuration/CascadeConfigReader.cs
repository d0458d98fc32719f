using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;

namespace Cascade.Grains.Configuration;

/// <summary>Reads the section <c>Cascade</c>.</summary>
public static class CascadeConfigReader
{
    /// <summary>Reads the section and reports unknown keys and values of the wrong type, all at once.</summary>
    /// <param name="configuration">The root of the configuration.</param>
    /// <returns>What was read, defaults in place of what could not be, and the problems.</returns>
    public static CascadeConfigReading Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var binder = new ConfigBinder();
        var config = binder.Bind<CascadeConfig>(configuration.GetSection(CascadeConfig.SectionName));
        return new CascadeConfigReading(config, [.. binder.Problems]);
    }
}

/// <summary>A configuration with the problems of its text.</summary>
/// <param name="Config">What could be read.</param>
/// <param name="Problems">One sentence each: the key, what is wrong, and the repair.</param>
public sealed record CascadeConfigReading(CascadeConfig Config, ImmutableArray<string> Problems);
