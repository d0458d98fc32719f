using System.Globalization;
using Cascade.Grains.Identity;

namespace Cascade.Simulation.Core;

/// <summary>Ids that are counted, so that a seed gives the same ones.</summary>
internal sealed class SimIds : IIdSource
{
    private long _last;

    public string Next() => (++_last).ToString("x32", CultureInfo.InvariantCulture);
}
