using System.Collections.Immutable;
using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>What the grain remembers of a silo between its requests. Soft: a new activation learns it again from the next request.</summary>
internal sealed class HolderView
{
    public ImmutableArray<TenantDemand> Demands { get; set; } = [];

    public long WantedRequests { get; set; }

    public long WantedTokens { get; set; }

    /// <summary>Tokens of its calls that are under way or wait.</summary>
    public long OutstandingTokens { get; set; }

    /// <summary>Until when it prefers other deployments.</summary>
    public DateTimeOffset EjectedUntil { get; set; }

    /// <summary>The last totals; null before the first, which says nothing of what is new in it.</summary>
    public CallSignals? Signals { get; set; }

    /// <summary>Calls in flight it was given too few of (above 0) or too many, over time.</summary>
    public double Owed { get; set; }

    /// <summary>What is new since the last totals.</summary>
    public CallSignals Change(CallSignals totals)
    {
        var last = Signals ?? totals;
        Signals = totals;
        return new CallSignals
        {
            Answered = Math.Max(0, totals.Answered - last.Answered),
            Failed = Math.Max(0, totals.Failed - last.Failed),
            Throttled = Math.Max(0, totals.Throttled - last.Throttled),
            Latency = totals.Latency > last.Latency ? totals.Latency - last.Latency : TimeSpan.Zero,
            OutputTokens = Math.Max(0, totals.OutputTokens - last.OutputTokens),
            ProbesAnswered = Math.Max(0, totals.ProbesAnswered - last.ProbesAnswered),
            ProbesFailed = Math.Max(0, totals.ProbesFailed - last.ProbesFailed),
            Timed = Math.Max(0, totals.Timed - last.Timed),
        };
    }
}
