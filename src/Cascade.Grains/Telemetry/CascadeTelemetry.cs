namespace Cascade.Grains.Telemetry;

/// <summary>Every name that Cascade gives to telemetry of its own. Model calls carry the GenAI names that Microsoft.Extensions.AI emits.</summary>
public static class CascadeTelemetry
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string SourceName = "Cascade";

    /// <summary>Spans.</summary>
    public static class Spans
    {
        /// <summary>One request from the router's view.</summary>
        public const string Request = "cascade.request";

        /// <summary>One provider call with its reservation, permit and booking.</summary>
        public const string Attempt = "cascade.attempt";

        /// <summary>One judgment.</summary>
        public const string Verification = "cascade.verification";
    }

    /// <summary>Instruments.</summary>
    public static class Metrics
    {
        /// <summary>Requests that ended, by route and status.</summary>
        public const string Requests = "cascade.requests";

        /// <summary>Seconds from a request's arrival at the router to its reply, by status.</summary>
        public const string RequestDuration = "cascade.request.duration";

        /// <summary>Seconds from a streamed request's arrival at the router to the first part of its answer, by route.</summary>
        public const string TimeToFirstChunk = "cascade.request.time_to_first_chunk";

        /// <summary>Provider calls, by endpoint, purpose, repetition and outcome.</summary>
        public const string Attempts = "cascade.attempts";

        /// <summary>Requests that a judgment moved to a stronger model, by route.</summary>
        public const string Escalations = "cascade.escalations";

        /// <summary>Calls made because an earlier one failed or could not be had, by route.</summary>
        public const string Fallbacks = "cascade.fallbacks";

        /// <summary>Calls made again because one of the same step failed, by endpoint and who was to blame.</summary>
        public const string Retries = "cascade.retries";

        /// <summary>Calls that moved to another deployment of a group, by the endpoint they left and who was to blame.</summary>
        public const string Failovers = "cascade.failovers";

        /// <summary>Second calls beside one that was late, by endpoint.</summary>
        public const string Hedges = "cascade.hedges";

        /// <summary>Nano-dollars that calls cost whose rival was faster, by endpoint; at most, where the bill is unknown.</summary>
        public const string HedgeCost = "cascade.hedges.cost";

        /// <summary>Judgments, by verifier and result.</summary>
        public const string Verdicts = "cascade.verdicts";

        /// <summary>Reservations, by outcome.</summary>
        public const string Reservations = "cascade.budget.reservations";

        /// <summary>Seconds a reservation waited for money.</summary>
        public const string ReservationWait = "cascade.budget.reservation.wait";

        /// <summary>Nano-dollars settled.</summary>
        public const string Settled = "cascade.budget.settled";

        /// <summary>Nano-dollars that providers billed above the stated upper bound.</summary>
        public const string Overrun = "cascade.budget.overrun";

        /// <summary>Nano-dollars of upper bounds that became unconfirmed.</summary>
        public const string Unconfirmed = "cascade.budget.unconfirmed";

        /// <summary>Alerts of budgets, by what became of them.</summary>
        public const string Alerts = "cascade.budget.alerts";

        /// <summary>Calls from silos to budget grains, by kind and status.</summary>
        public const string LeaseCalls = "cascade.budget.lease.calls";

        /// <summary>Changes of the price book's files, by whether they were taken (<c>taken</c>) or not (<c>refused</c>).</summary>
        public const string PriceReloads = "cascade.prices.reloads";

        /// <summary>Seconds a call waited for capacity, by endpoint.</summary>
        public const string PermitWait = "cascade.endpoint.permit.wait";

        /// <summary>Calls that were not let in, by endpoint and reason.</summary>
        public const string PermitRefusals = "cascade.endpoint.permit.refusals";

        /// <summary>Deployments that this silo stopped preferring because they fared worse than their equals, by endpoint.</summary>
        public const string Ejections = "cascade.endpoint.ejections";

        /// <summary>Calls in flight from this silo, by endpoint.</summary>
        public const string InFlight = "cascade.endpoint.in_flight";
    }

    /// <summary>Tags. Values come from closed sets; an account never is one.</summary>
    public static class Tags
    {
        /// <summary>The route or endpoint that was asked for.</summary>
        public const string Route = "cascade.route";

        /// <summary>The endpoint.</summary>
        public const string Endpoint = "cascade.endpoint";

        /// <summary>How something ended.</summary>
        public const string Status = "cascade.status";

        /// <summary>How a step ended.</summary>
        public const string Outcome = "cascade.outcome";

        /// <summary>Why a provider was called.</summary>
        public const string Purpose = "cascade.attempt.purpose";

        /// <summary>Why a call repeats one of the same step: <c>none</c>, <c>retry</c>, <c>hedge</c> or <c>failover</c>.</summary>
        public const string Repetition = "cascade.attempt.repetition";

        /// <summary>Whether a call was signed with a key that the account brings; on spans only.</summary>
        public const string OwnKey = "cascade.attempt.own_key";

        /// <summary>Who was to blame.</summary>
        public const string Blame = "cascade.attempt.blame";

        /// <summary>The judge.</summary>
        public const string Verifier = "cascade.verifier";

        /// <summary>The kind of a call.</summary>
        public const string Kind = "cascade.kind";

        /// <summary>Cost in nano-dollars; on spans only.</summary>
        public const string CostNanos = "cascade.cost_nanos";

        /// <summary>The attempt's id; on spans only.</summary>
        public const string AttemptId = "cascade.attempt.id";

        /// <summary>The judge's calibrated score; on spans only.</summary>
        public const string Score = "cascade.verifier.score";

        /// <summary>Whether a judgment moved the request to a stronger model; on spans only.</summary>
        public const string Escalated = "cascade.escalated";

        /// <summary>What a caller's label is named after; on spans only, and its value is whatever the caller wrote.</summary>
        public const string LabelPrefix = "cascade.label.";
    }
}
