using Cascade.Simulation.Auditing;
using Cascade.Simulation.Core;

namespace Cascade.Simulation.World;

/// <summary>How a call ended for who made it.</summary>
internal enum CallEnd
{
    None = 0,

    /// <summary>The answer is there, with its cost.</summary>
    Answered = 1,

    /// <summary>It failed, and is not billed.</summary>
    NotBilled = 2,

    /// <summary>Nobody knows whether it is billed.</summary>
    Unknown = 3,
}

/// <summary>How a call will end, decided when it arrives.</summary>
/// <param name="End">What the caller hears.</param>
/// <param name="Bill">What the provider bills, whatever the caller hears.</param>
/// <param name="Latency">How long it takes.</param>
internal readonly record struct CallFate(CallEnd End, long Bill, TimeSpan Latency);

/// <summary>The provider. Its bills are the truth that everything else is measured by.</summary>
internal sealed class SimProvider(Coverage coverage)
{
    private const int NotBilledPercent = 6;
    private const int LostPercent = 5;
    private const int SlowPercent = 4;
    private const int OverbilledPercent = 3;

    /// <summary>Whether the provider may bill more than the bound that a call was sent with.</summary>
    public bool Overbills { get; init; }

    public CallFate Decide(SimRandom random, long upper)
    {
        var latency = random.Milliseconds(2, 400);
        if (random.Chance(SlowPercent))
        {
            coverage.Note(Seen.AnswerSlow);
            latency = random.Milliseconds(5_000, 60_000);
        }

        var bill = random.Chance(15) ? upper : random.Between(0, upper);
        if (random.Chance(NotBilledPercent))
        {
            coverage.Note(Seen.AnswerNotBilled);
            return new CallFate(CallEnd.NotBilled, 0, latency);
        }

        if (random.Chance(LostPercent))
        {
            coverage.Note(Seen.AnswerLost);
            return new CallFate(CallEnd.Unknown, random.Chance(50) ? bill : 0, latency);
        }

        if (Overbills && random.Chance(OverbilledPercent))
        {
            coverage.Note(Seen.Overbilled);
            bill = upper + random.Between(1, upper);
        }

        return new CallFate(CallEnd.Answered, bill, latency);
    }
}
