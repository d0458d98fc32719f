using System.Diagnostics.Metrics;
using System.Globalization;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Identity;
using Cascade.Grains.Model;
using Cascade.Grains.Routing;
using Cascade.Grains.Telemetry;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Cascade.Tests.Grains.Reliability;

/// <summary>A step over scripted calls, on a clock that the test moves.</summary>
internal sealed class StepFixture : IAttemptRunner, IEndpointStandings, IIdSource, IMeterFactory
{
    private readonly Queue<AttemptRecord> _script = new();
    private readonly StepRunner _runner;
    private readonly List<Meter> _meters = [];
    private readonly long _epoch;
    private int _ids;

    public StepFixture()
    {
        _runner = new StepRunner(this, this, this, Time, new CascadeInstruments(this));
        _epoch = Time.GetTimestamp();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Every call that was made, with when.</summary>
    public List<(AttemptPlan Plan, TimeSpan At)> Calls { get; } = [];

    public HashSet<string> Out { get; } = [];

    public bool Committed { get; set; }

    public ReliabilityModel Reliability { get; set; } = new() { Retries = 3, RetryShare = 1 };

    public int MaxAttempts { get; set; } = 16;

    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What the provider asked for on each failure.</summary>
    public TimeSpan RetryAfter { get; set; }

    /// <summary>Done when a call is made.</summary>
    public Action<int>? OnCall { get; set; }

    public static AttemptRecord Answered { get; } = Record(AttemptOutcome.Answered, AttemptBlame.None, Booking.Settled);

    public static AttemptRecord Unbilled { get; } = Record(AttemptOutcome.Failed, AttemptBlame.Provider, Booking.Voided);

    public static AttemptRecord Unconfirmed { get; } = Record(AttemptOutcome.Failed, AttemptBlame.Provider, Booking.Unconfirmed);

    public static AttemptRecord Record(AttemptOutcome outcome, AttemptBlame blame, Booking booking) => new()
    {
        AttemptId = "",
        Endpoint = default,
        Purpose = AttemptPurpose.Draft,
        Outcome = outcome,
        Blame = blame,
        Booking = booking,
        Error = outcome == AttemptOutcome.Answered ? "" : "scripted",
    };

    public StepFixture Script(params AttemptRecord[] records)
    {
        foreach (var record in records)
        {
            _script.Enqueue(record);
        }

        return this;
    }

    public Task<StepResult> StartAsync(CancellationToken cancellationToken = default)
    {
        var endpoint = new TestModel().Endpoint("m", ScriptedCaller.Answering("42"), e => e with { Reliability = Reliability }).Build().Endpoints["m"];
        return _runner.RunAsync(
            new StepPlan
            {
                Account = new AccountId("acme"),
                Endpoint = endpoint,
                Purpose = AttemptPurpose.Draft,
                Messages = [],
                Options = new ChatOptions(),
                MaxOutputTokens = null,
                MaxAttempts = MaxAttempts,
                Deadline = Time.GetTimestamp() + (long)(Deadline.TotalSeconds * Time.TimestampFrequency),
                Sink = _ => null,
                IsCommitted = () => Committed,
            },
            cancellationToken);
    }

    /// <summary>Runs a step to its end, moving the clock as it waits.</summary>
    public async Task<StepResult> RunAsync(CancellationToken cancellationToken)
    {
        var step = StartAsync(cancellationToken);
        for (var i = 0; i < 1_000_000 && !step.IsCompleted; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        return await step;
    }

    Task<Attempt> IAttemptRunner.RunAsync(AttemptPlan plan, CancellationToken cancellationToken)
    {
        Calls.Add((plan, Time.GetElapsedTime(_epoch)));
        OnCall?.Invoke(Calls.Count);
        var record = _script.TryDequeue(out var next) ? next : Unbilled;
        record = record with { AttemptId = plan.AttemptId, Endpoint = plan.Endpoint.Id, Repetition = plan.Repetition };
        var status = record.Outcome == AttemptOutcome.Answered ? ModelCallStatus.Answered : ModelCallStatus.ProviderError;
        return Task.FromResult(new Attempt(record, "", "", status, ReserveOutcome.Reserved, null)
        {
            RetryAfter = record.Outcome == AttemptOutcome.Failed ? RetryAfter : TimeSpan.Zero,
        });
    }

    EndpointStanding IEndpointStandings.StandingOf(EndpointModel endpoint) => new(Out.Contains(endpoint.Id.Value));

    string IIdSource.Next() => string.Create(CultureInfo.InvariantCulture, $"attempt-{++_ids}");

    Meter IMeterFactory.Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    void IDisposable.Dispose() => _meters.ForEach(static meter => meter.Dispose());
}
