using System.ComponentModel.DataAnnotations;

namespace Cascade.Grains.Hosting;

/// <summary>Limits and rhythms of a silo. The defaults suit production; tests make them shorter.</summary>
public sealed class CascadeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Limits";

    /// <summary>How long a money lease lives without news from its holder.</summary>
    /// <value>Default 30 seconds; 1 second to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LeaseLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long before its end a holder stops using a lease.</summary>
    /// <value>Default 2 seconds; less than <see cref="LeaseLifetime"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan LeaseMargin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a silo reports spend and looks after its leases and slices.</summary>
    /// <value>Default 1 second; 10 milliseconds to 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a lease may lie unused before the silo gives it back.</summary>
    /// <value>Default 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan LeaseIdle { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a silo remembers a budget that it holds no lease of, and keeps the grain of one that nobody asks.</summary>
    /// <value>Default 5 minutes; 10 milliseconds to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan PurseIdle { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The span of demand that a lease is sized for.</summary>
    /// <value>Default 3 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan LeaseDemand { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Reservations after which a lease is exchanged for a new one, which bounds the length of a journal stream.</summary>
    /// <value>Default 10,000.</value>
    [Range(1, 1_000_000)]
    public int LeaseReservations { get; set; } = 10_000;

    /// <summary>How long a request waits for money that others hold or that calls in flight may give back.</summary>
    /// <value>Default 10 seconds; 10 milliseconds to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ReservationWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait before asking again for money that others hold.</summary>
    /// <value>Default 50 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan ReservationRetry { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Requests of one account that may wait for money on one silo.</summary>
    /// <value>Default 10,000.</value>
    [Range(1, 1_000_000)]
    public int ReservationQueue { get; set; } = 10_000;

    /// <summary>How long a silo that stops waits for calls under way, so that their cost becomes known. It is a part of the host's own time to stop.</summary>
    /// <value>Default 20 seconds; 0 to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopWait { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a call waits for capacity of an endpoint.</summary>
    /// <value>Default 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan PermitWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls of one tenant that may wait for capacity of one endpoint on one silo.</summary>
    /// <value>Default 10,000.</value>
    [Range(1, 1_000_000)]
    public int PermitQueue { get; set; } = 10_000;

    /// <summary>
    /// How long the upper bound of a call of unknown cost stays held before it is booked as spent. Reconcile such calls before: afterwards
    /// nothing is given back.
    /// </summary>
    /// <value>Default 35 days, as long as the journal is kept; 1 second to 10 years.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan UnconfirmedHold { get; set; } = TimeSpan.FromDays(35);

    /// <summary>How often the silos look through what is stored for budgets that have something open and that nobody asks any more.</summary>
    /// <value>Default 1 hour; 1 second to 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a slice of an endpoint's capacity lives without news from its holder.</summary>
    /// <value>Default 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SliceLifetime { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Calls of all accounts that may wait for capacity of one endpoint on one silo.</summary>
    /// <value>Default 20,000.</value>
    [Range(1, 1_000_000)]
    public int PermitQueueTotal { get; set; } = 20_000;

    /// <summary>How long a silo may use a grant of an endpoint's rate: the grain of rate limits.</summary>
    /// <value>Default 1 second; 50 milliseconds to 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan RateInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How much longer than a minute a started call counts against rate limits. Covers the way to the provider and clocks of silos that differ.
    /// </summary>
    /// <value>Default 1 second; 0 to 30 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan RateSlack { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The share of each silo's calls in flight that batch requests leave free for interactive ones.</summary>
    /// <value>Default 0.1; 0 to 0.9.</value>
    [Range(0.0, 0.9)]
    public double InteractiveReserve { get; set; } = 0.1;

    /// <summary>How many waiting interactive calls are let in for each waiting batch call, of equal size.</summary>
    /// <value>Default 4; 1 to 1,000.</value>
    [Range(1.0, 1_000.0)]
    public double InteractiveWeight { get; set; } = 4;

    /// <summary>Calls that may wait in one grain before more are rejected.</summary>
    /// <value>Default 10,000.</value>
    [Range(1, 1_000_000)]
    public int MaxQueuedGrainCalls { get; set; } = 10_000;

    /// <summary>Provider calls that one request may make, judgments included.</summary>
    /// <value>Default 16.</value>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 16;

    /// <summary>Tokens whose log-probabilities are kept of one answer; more are cut off and the reply says so.</summary>
    /// <value>Default 16,384.</value>
    [Range(1, 1_000_000)]
    public int MaxLogProbabilityTokens { get; set; } = 16_384;

    /// <summary>How long one request may take, waiting included.</summary>
    /// <value>Default 5 minutes; at most 10 minutes, after which the caller gives up.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan RequestDeadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many entries of one account may wait for the ledger log; with more, nothing is booked until it takes them.</summary>
    /// <value>Default 4,096; 64 to 65,536.</value>
    [Range(64, 65_536)]
    public int LedgerOutbox { get; set; } = 4_096;

    /// <summary>How long the reply to a request with an idempotency key is kept.</summary>
    /// <value>Default 24 hours; 1 second to 30 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan IdempotencyRetention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long an idempotency key stays taken when the silo that runs its request dies.</summary>
    /// <value>Default 30 seconds; 1 second to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan IdempotencyHold { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a repeated request waits for the first one to end.</summary>
    /// <value>Default 1 minute; 0 to 10 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan IdempotencyWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests with an idempotency key of one account that a silo runs on without their callers; more are ended like requests without a key.</summary>
    /// <value>Default 64; 0 to 100,000.</value>
    [Range(0, 100_000)]
    public int UnattendedRuns { get; set; } = 64;

    /// <summary>Text of one streamed answer that may wait for its reader; with more the reader counts as gone, and the endpoint's policy decides what becomes of the call.</summary>
    /// <value>Characters. Default 262,144.</value>
    [Range(1_024, 16_777_216)]
    public int StreamBuffer { get; set; } = 262_144;

    /// <summary>How often a silo probes another, and two missed probes evict it.</summary>
    /// <value>Default 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);
}
