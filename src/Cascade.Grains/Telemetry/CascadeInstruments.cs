using System.Diagnostics;
using System.Diagnostics.Metrics;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Model;

namespace Cascade.Grains.Telemetry;

/// <summary>The instruments of a silo.</summary>
internal sealed class CascadeInstruments : IDisposable
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<double> _firstChunk;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _escalations;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _failovers;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _hedgeCost;
    private readonly Counter<long> _ejections;
    private readonly Counter<long> _verdicts;
    private readonly Counter<long> _reservations;
    private readonly Histogram<double> _reservationWait;
    private readonly Counter<long> _settled;
    private readonly Counter<long> _overrun;
    private readonly Counter<long> _unconfirmed;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _leaseCalls;
    private readonly Histogram<double> _permitWait;
    private readonly Counter<long> _permitRefusals;
    private readonly UpDownCounter<long> _inFlight;

    public CascadeInstruments(IMeterFactory meters, ClusterModel? model = null)
    {
        _meter = meters.Create(CascadeTelemetry.SourceName);
        _requests = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Requests, "{request}");
        _requestDuration = _meter.CreateHistogram(CascadeTelemetry.Metrics.RequestDuration, "s", advice: Seconds);
        _firstChunk = _meter.CreateHistogram(CascadeTelemetry.Metrics.TimeToFirstChunk, "s", advice: Seconds);
        _attempts = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Attempts, "{attempt}");
        _escalations = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Escalations, "{request}");
        _fallbacks = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Fallbacks, "{attempt}");
        _retries = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Retries, "{attempt}");
        _failovers = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Failovers, "{attempt}");
        _hedges = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Hedges, "{attempt}");
        _hedgeCost = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.HedgeCost, "{nanodollar}");
        _ejections = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Ejections, "{ejection}");
        _verdicts = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Verdicts, "{verdict}");
        _reservations = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Reservations, "{reservation}");
        _reservationWait = _meter.CreateHistogram(CascadeTelemetry.Metrics.ReservationWait, "s", advice: Seconds);
        _settled = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Settled, "{nanodollar}");
        _overrun = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Overrun, "{nanodollar}");
        _unconfirmed = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Unconfirmed, "{nanodollar}");
        _alerts = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.Alerts, "{alert}");
        _leaseCalls = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.LeaseCalls, "{call}");
        _permitWait = _meter.CreateHistogram(CascadeTelemetry.Metrics.PermitWait, "s", advice: Seconds);
        _permitRefusals = _meter.CreateCounter<long>(CascadeTelemetry.Metrics.PermitRefusals, "{call}");
        _inFlight = _meter.CreateUpDownCounter<long>(CascadeTelemetry.Metrics.InFlight, "{call}");
        if (model?.Prices is { } prices)
        {
            _meter.CreateObservableCounter(
                CascadeTelemetry.Metrics.PriceReloads,
                () => new Measurement<long>[] { new(prices.Reloads, Tag(CascadeTelemetry.Tags.Outcome, "taken")), new(prices.Failures, Tag(CascadeTelemetry.Tags.Outcome, "refused")) },
                "{reload}");
        }
    }

    public ActivitySource Activities { get; } = new(CascadeTelemetry.SourceName);

    public void RequestEnded(string route, CascadeStatus status, TimeSpan duration)
    {
        var statusTag = Tag(CascadeTelemetry.Tags.Status, Names.Of(status));
        _requests.Add(1, Tag(CascadeTelemetry.Tags.Route, route), statusTag);
        _requestDuration.Record(duration.TotalSeconds, statusTag);
    }

    public void FirstChunk(string route, TimeSpan after) => _firstChunk.Record(after.TotalSeconds, Tag(CascadeTelemetry.Tags.Route, route));

    public void AttemptEnded(AttemptRecord attempt) => _attempts.Add(
        1,
        Tag(CascadeTelemetry.Tags.Endpoint, attempt.Endpoint.Value),
        Tag(CascadeTelemetry.Tags.Purpose, Names.Of(attempt.Purpose)),
        Tag(CascadeTelemetry.Tags.Repetition, Names.Of(attempt.Repetition)),
        Tag(CascadeTelemetry.Tags.Outcome, Names.Of(attempt.Outcome)));

    public void Escalated(string route) => _escalations.Add(1, Tag(CascadeTelemetry.Tags.Route, route));

    public void FellBack(string route) => _fallbacks.Add(1, Tag(CascadeTelemetry.Tags.Route, route));

    public void Retried(string endpoint, AttemptBlame blame) => _retries.Add(
        1,
        Tag(CascadeTelemetry.Tags.Endpoint, endpoint),
        Tag(CascadeTelemetry.Tags.Blame, Names.Of(blame)));

    public void FailedOver(string endpoint, AttemptBlame blame) => _failovers.Add(
        1,
        Tag(CascadeTelemetry.Tags.Endpoint, endpoint),
        Tag(CascadeTelemetry.Tags.Blame, Names.Of(blame)));

    public void Hedged(string endpoint) => _hedges.Add(1, Tag(CascadeTelemetry.Tags.Endpoint, endpoint));

    public void HedgePaid(string endpoint, long nanos) => _hedgeCost.Add(nanos, Tag(CascadeTelemetry.Tags.Endpoint, endpoint));

    public void Ejected(string endpoint) => _ejections.Add(1, Tag(CascadeTelemetry.Tags.Endpoint, endpoint));

    public void Judged(string verifier, bool hasOpinion) => _verdicts.Add(
        1,
        Tag(CascadeTelemetry.Tags.Verifier, verifier),
        Tag(CascadeTelemetry.Tags.Outcome, hasOpinion ? "opinion" : "no-opinion"));

    public void ReservationEnded(string outcome, TimeSpan waited)
    {
        _reservations.Add(1, Tag(CascadeTelemetry.Tags.Outcome, outcome));
        _reservationWait.Record(waited.TotalSeconds);
    }

    public void Settled(long nanos) => _settled.Add(nanos);

    public void Overran(long nanos) => _overrun.Add(nanos);

    public void BecameUnconfirmed(long nanos) => _unconfirmed.Add(nanos);

    public void Alerted(AlertOutcome outcome) => _alerts.Add(1, Tag(CascadeTelemetry.Tags.Outcome, Names.Of(outcome)));

    public void LeaseCalled(string kind, BudgetStatus status) => _leaseCalls.Add(
        1,
        Tag(CascadeTelemetry.Tags.Kind, kind),
        Tag(CascadeTelemetry.Tags.Status, Names.Of(status)));

    public void PermitWaited(string endpoint, TimeSpan waited) =>
        _permitWait.Record(waited.TotalSeconds, Tag(CascadeTelemetry.Tags.Endpoint, endpoint));

    public void PermitRefused(string endpoint, string reason) => _permitRefusals.Add(
        1,
        Tag(CascadeTelemetry.Tags.Endpoint, endpoint),
        Tag(CascadeTelemetry.Tags.Outcome, reason));

    public void InFlightChanged(string endpoint, int change) => _inFlight.Add(change, Tag(CascadeTelemetry.Tags.Endpoint, endpoint));

    public void Dispose()
    {
        _meter.Dispose();
        Activities.Dispose();
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
