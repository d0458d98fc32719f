using Cascade.TestKit.Providers;

namespace Cascade.Integration.Tests.Capacity;

/// <summary>What a provider's own log says of the calls it served, by its one clock. A call that has not ended counts to the end of the log.</summary>
internal sealed class ProviderLog
{
    private readonly (TimeSpan From, TimeSpan To, string Caller)[] _calls;

    /// <summary>Reads a log.</summary>
    /// <param name="visits">What the provider saw.</param>
    /// <param name="end">When the log ends; what came later is left out.</param>
    /// <param name="callerOf">Whose call one is.</param>
    public ProviderLog(IEnumerable<StubVisit> visits, TimeSpan end, Func<StubRequest, string> callerOf) => _calls =
    [
        .. visits.Where(v => v.ArrivedAt < end)
            .Select(v => (v.ArrivedAt, v.EndedAt is { } ended && ended < end ? ended : end, callerOf(v.Request)))
            .OrderBy(static c => c.ArrivedAt),
    ];

    public int Count => _calls.Length;

    /// <summary>When the first call came.</summary>
    public TimeSpan First => _calls[0].From;

    /// <summary>The most calls that were served at once.</summary>
    public int MostAtOnce(TimeSpan from, TimeSpan to) => Steps().Where(s => s.At >= from && s.At < to).Select(static s => s.InFlight).DefaultIfEmpty().Max();

    /// <summary>When so many calls were served at once for the first time; null for never.</summary>
    public TimeSpan? Reached(int inFlight) => Steps().Where(s => s.InFlight >= inFlight).Select(static s => (TimeSpan?)s.At).FirstOrDefault();

    /// <summary>The most calls that came in any such span.</summary>
    public int MostWithin(TimeSpan span)
    {
        var (most, first) = (0, 0);
        for (var i = 0; i < _calls.Length; i++)
        {
            while (_calls[i].From - _calls[first].From >= span)
                first++;
            most = Math.Max(most, i - first + 1);
        }

        return most;
    }

    /// <summary>How many calls came.</summary>
    public int Came(TimeSpan from, TimeSpan to) => _calls.Count(c => c.From >= from && c.From < to);

    /// <summary>Calls that came, by caller.</summary>
    public IReadOnlyDictionary<string, double> CameBy(TimeSpan from, TimeSpan to) => _calls
        .Where(c => c.From >= from && c.From < to)
        .GroupBy(static c => c.Caller)
        .ToDictionary(static g => g.Key, static g => (double)g.Count());

    /// <summary>Calls that were served at once, on average over the time, by caller.</summary>
    public IReadOnlyDictionary<string, double> ServedBy(TimeSpan from, TimeSpan to) => _calls
        .GroupBy(static c => c.Caller)
        .ToDictionary(static g => g.Key, g => g.Sum(c => Overlap(c.From, c.To, from, to) / (to - from)));

    /// <summary>Jain's index of shares: 1 when all are equal, 1/n when one has everything.</summary>
    public static double Jain(IReadOnlyCollection<double> shares) => Math.Pow(shares.Sum(), 2) / (shares.Count * shares.Sum(static s => s * s));

    private static TimeSpan Overlap(TimeSpan from, TimeSpan to, TimeSpan start, TimeSpan end)
    {
        var overlap = (to < end ? to : end) - (from > start ? from : start);
        return overlap > TimeSpan.Zero ? overlap : TimeSpan.Zero;
    }

    private IEnumerable<(TimeSpan At, int InFlight)> Steps()
    {
        var inFlight = 0;
        foreach (var (at, change) in _calls.SelectMany(static c => new[] { (At: c.From, Change: 1), (At: c.To, Change: -1) })
            .OrderBy(static s => s.At).ThenBy(static s => s.Change))
        {
            yield return (at, inFlight += change);
        }
    }
}
