namespace Cascade.Planning.Pacing.Simulation;

/// <summary>What the pacer is told of the requests that are still to come.</summary>
public enum TrafficKnowledge
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Their exact number.</summary>
    Count = 1,

    /// <summary>The expected number times the share of the window that is left: all that a clock can say.</summary>
    Clock = 2,

    /// <summary>What the scenario's traffic profile expects in the rest of the window.</summary>
    Profile = 3,
}
