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

    /// <summary>How endpoints stand that are not out.</summary>
    public Dictionary<string, EndpointStanding> Standings { get; } = [];

    /// <summary>Endpoints that somebody wished to be back.</summary>
    public HashSet<string> Wished { get; } = [];

    public List<(string Endpoint, TimeSpan Time)> Ejections { get; } = [];

    public bool Committed { get; set; }

    public ReliabilityModel Reliability { get; set; } = new() { Retries = 3, RetryShare = 1 };

    /// <summary>The deployments; one alone is no group.</summary>
    public string[] Deployments { get; set; } = ["m"];

    public Func<EndpointModel, EndpointModel> Endpoint { get; set; } = static e => e;

    public int MaxAttempts { get; set; } = 16;

    public TimeSpan Deadline { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What the provider asked for on each failure.</summary>
    public TimeSpan RetryAfter { get; set; }

    /// <summary>Whether a call comes to be made, or still waits for money or a place when it ends or is given up.</summary>
    public Func<AttemptPlan, bool> IsMade { get; set; } = static _ => true;

    /// <summary>Done when a call is made.</summary>
    public Action<int>? OnCall { get; set; }

    /// <summary>What comes of a call, and when, in place of the script; null leaves it to the script.</summary>
    public Func<AttemptPlan, CancellationToken, Task<AttemptRecord>?>? Answer { get; set; }

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
        var model = new TestModel();
        var reliability = Deployments.Length > 1 ? Reliability with { Group = "group" } : Reliability;
        foreach (var name in Deployments)
        {
            model.Endpoint(name, ScriptedCaller.Answering("42"), e => Endpoint(e with { Reliability = reliability }));
        }

        return _runner.RunAsync(
            new StepPlan
            {
                Account = new AccountId("acme"),
                Stage = model.Build().FindStage(Deployments.Length > 1 ? "group" : Deployments[0])!,
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

    /// <summary>Waits until a time on the test's clock, or until it is cancelled.</summary>
    public async Task<bool> PassesAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await new Pause(Time, wait).Task.WaitAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    async Task<Attempt> IAttemptRunner.RunAsync(AttemptPlan plan, CancellationToken cancellationToken)
    {
        Calls.Add((plan, Time.GetElapsedTime(_epoch)));
        _ = IsMade(plan) && plan.Race?.TryGo(plan.Lane) == true;
        OnCall?.Invoke(Calls.Count);
        var record = Answer?.Invoke(plan, cancellationToken) is { } answer ? await answer : _script.TryDequeue(out var next) ? next : Unbilled;
        record = record with { AttemptId = plan.AttemptId, Endpoint = plan.Endpoint.Id, Repetition = plan.Repetition, Group = plan.Group };
        var status = record.Outcome switch
        {
            AttemptOutcome.Answered => ModelCallStatus.Answered,
            AttemptOutcome.Cancelled or AttemptOutcome.Outrun => ModelCallStatus.Cancelled,
            AttemptOutcome.Failed => ModelCallStatus.ProviderError,
            _ => ModelCallStatus.None,
        };
        var reserve = record.Outcome == AttemptOutcome.Unaffordable ? ReserveOutcome.CapReached : ReserveOutcome.Reserved;
        return new Attempt(record, "", "", status, reserve, null)
        {
            RetryAfter = record.Outcome == AttemptOutcome.Failed ? RetryAfter : TimeSpan.Zero,
        };
    }

    EndpointStanding IEndpointStandings.StandingOf(EndpointModel endpoint) =>
        Standings.GetValueOrDefault(endpoint.Id.Value) is var standing && Out.Contains(endpoint.Id.Value) ? standing with { IsOut = true } : standing;

    void IEndpointStandings.WishFor(EndpointModel endpoint) => Wished.Add(endpoint.Id.Value);

    void IEndpointStandings.Eject(EndpointModel endpoint, TimeSpan time) => Ejections.Add((endpoint.Id.Value, time));

    string IIdSource.Next() => string.Create(CultureInfo.InvariantCulture, $"attempt-{++_ids}");

    Meter IMeterFactory.Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(static meter => meter.Dispose());

    private sealed class Pause : TaskCompletionSource
    {
        private readonly ITimer _timer;

        public Pause(TimeProvider time, TimeSpan wait) =>
            _timer = time.CreateTimer(static pause => ((Pause)pause!).End(), this, wait, Timeout.InfiniteTimeSpan);

        private void End()
        {
            _timer.Dispose();
            TrySetResult();
        }
    }
}
