using Cascade.Contracts;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.Time.Testing;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>One way in which a provider misbehaves, and what has to come of a call that meets it.</summary>
/// <param name="Name">Names it.</param>
/// <param name="Fault">The fault; made anew for every call.</param>
/// <param name="Buffered">What comes of a call without a stream.</param>
/// <param name="Streamed">What comes of a streamed call.</param>
internal sealed record HostileCase(string Name, Func<HostileContext, StubFault> Fault, Expected Buffered, Expected Streamed);

/// <summary>What a fault may wait for.</summary>
/// <param name="Clock">The clock of the call's own time limits.</param>
/// <param name="Words">Ends when the caller has got the first words.</param>
internal sealed record HostileContext(FakeTimeProvider Clock, Task Words)
{
    private readonly DateTimeOffset _start = Clock.GetUtcNow();

    /// <summary>Lets a second pass for every step until the limit, and none after it.</summary>
    public Func<CancellationToken, Task> SecondsUntil(TimeSpan limit) => ct =>
    {
        if (Clock.GetUtcNow() - _start >= limit)
        {
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }

        Clock.Advance(TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    };
}

/// <summary>What has to come of a call.</summary>
internal sealed record Expected
{
    public required AttemptBlame Blame { get; init; }

    public required AttemptStage Stage { get; init; }

    public required Booking Booking { get; init; }

    public string Error { get; init; } = "";

    public UsageSource Source { get; init; }

    /// <summary>Whether words reach the caller before the call ends.</summary>
    public bool HasWords { get; init; }

    /// <summary>The time limit that ends the call; null when it ends by itself.</summary>
    public TimeSpan? EndedBy { get; init; }

    /// <summary>How long the endpoint is left alone afterwards, in seconds, at most; 0 when it is not.</summary>
    public double PauseSeconds { get; init; }

    /// <summary>Whether the provider says that it bills what it does not bill, which nobody can see.</summary>
    public bool IsLie { get; init; }

    public static Expected Answered { get; } = new()
    {
        Blame = AttemptBlame.None,
        Stage = AttemptStage.None,
        Booking = Booking.Settled,
        Source = UsageSource.Reported,
        HasWords = true,
    };

    public static Expected Estimated { get; } = Answered with { Source = UsageSource.Estimated };

    public static Expected Refused(AttemptBlame blame, string error) => new()
    {
        Blame = blame,
        Stage = AttemptStage.Reading,
        Booking = Booking.Voided,
        Error = error,
    };

    public static Expected Lost { get; } = Held(AttemptBlame.Network, AttemptStage.Waiting, "connection-lost");

    public static Expected NoAnswer(string error) => Held(AttemptBlame.Provider, AttemptStage.Reading, error);

    public static Expected Late(double seconds, string error) =>
        Held(AttemptBlame.Provider, AttemptStage.Waiting, error) with { EndedBy = TimeSpan.FromSeconds(seconds) };

    /// <summary>The same where a broken stream is counted and not held: only what nothing arrived of is held.</summary>
    public Expected Counted => Booking == Booking.Unconfirmed && HasWords ? this with { Booking = Booking.Settled, Source = UsageSource.Estimated } : this;

    private static Expected Held(AttemptBlame blame, AttemptStage stage, string error) => new()
    {
        Blame = blame,
        Stage = stage,
        Booking = Booking.Unconfirmed,
        Error = error,
    };
}
