using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Cascade.Cluster.Tests.Hosting;

/// <summary>What some silos have counted since this was made. Other clusters run in this process at the same time, and their counts are not these.</summary>
internal sealed class SiloCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    /// <summary>Begins to count.</summary>
    /// <param name="instrument">A counter's name.</param>
    /// <param name="silos">The services of the silos.</param>
    public SiloCounter(string instrument, IEnumerable<IServiceProvider> silos)
    {
        var meters = silos.Select(object (silo) => silo.GetRequiredService<IMeterFactory>()).ToHashSet();
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && published.Meter.Scope is { } scope && meters.Contains(scope))
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}
