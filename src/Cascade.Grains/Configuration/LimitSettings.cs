using Cascade.Grains.Hosting;

namespace Cascade.Grains.Configuration;

/// <summary>Carries configured limits to the options a silo reads.</summary>
public static class LimitSettings
{
    /// <summary>Copies every limit.</summary>
    /// <param name="configured">From here.</param>
    /// <param name="options">To here.</param>
    public static void Apply(CascadeOptions configured, CascadeOptions options)
    {
        ArgumentNullException.ThrowIfNull(configured);
        ArgumentNullException.ThrowIfNull(options);
        foreach (var setting in ConfigBinder.Settings(typeof(CascadeOptions)))
        {
            setting.SetValue(options, setting.GetValue(configured));
        }
    }
}
