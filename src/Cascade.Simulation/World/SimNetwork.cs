using Cascade.Simulation.Auditing;
using Cascade.Simulation.Core;

namespace Cascade.Simulation.World;

/// <summary>Carries messages between silos: late, twice or never, as the faults of the moment say.</summary>
internal sealed class SimNetwork(SimLoop loop, SimTrace trace, Coverage coverage)
{
    private const int QuickestMs = 1;
    private const int UsualMs = 4;

    /// <summary>Percent of messages that get lost.</summary>
    public int LossPercent { get; set; }

    /// <summary>Percent of messages that arrive twice.</summary>
    public int DoublePercent { get; set; }

    /// <summary>The longest a message may be on its way, in milliseconds.</summary>
    public int SlowestMs { get; set; } = UsualMs;

    public void Repair() => (LossPercent, DoublePercent, SlowestMs) = (0, 0, UsualMs);

    public TimeSpan Latency() => loop.Random.Milliseconds(QuickestMs, SlowestMs);

    /// <summary>A request from one silo to another.</summary>
    public void Ask(SimSilo from, SimSilo to, string what, string who, Action arrive)
    {
        if (Carry(from, to, what, who, Seen.MessageLost, arrive) && loop.Random.Chance(DoublePercent))
        {
            coverage.Note(Seen.MessageDoubled);
            trace.Note(loop.Now, "doubled", who, what);
            loop.After(Latency(), arrive);
        }
    }

    /// <summary>The answer to a request.</summary>
    public void Answer(SimSilo from, SimSilo to, string what, string who, Action arrive) =>
        Carry(from, to, what, who, Seen.ReplyLost, arrive);

    private bool Carry(SimSilo from, SimSilo to, string what, string who, Seen loss, Action arrive)
    {
        if (from != to && (from.CutFromSilos || to.CutFromSilos || loop.Random.Chance(LossPercent)))
        {
            coverage.Note(loss);
            trace.Note(loop.Now, "lost", who, what);
            return false;
        }

        var latency = from == to ? TimeSpan.Zero : Latency();
        if (latency > TimeSpan.FromMilliseconds(UsualMs))
        {
            coverage.Note(Seen.MessageLate);
        }

        loop.After(latency, arrive);
        return true;
    }
}
