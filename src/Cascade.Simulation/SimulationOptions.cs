namespace Cascade.Simulation;

/// <summary>What to simulate.</summary>
public sealed record SimulationOptions
{
    /// <summary>The first seed.</summary>
    public ulong FirstSeed { get; init; } = 1;

    /// <summary>How many seeds to try, from the first one on.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Steps of one run.</summary>
    /// <value>Default 200.</value>
    public int Steps { get; init; } = 200;

    /// <summary>A bug to plant, one of <see cref="Simulator.Plants"/>; empty for none.</summary>
    public string Plant { get; init; } = "";

    /// <summary>Runs at the same time, each on a thread of its own.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>After how many failures to stop.</summary>
    public int MostFailures { get; init; } = 1;

    /// <summary>Whether to make what fails small and to tell what happens in it.</summary>
    public bool Shrink { get; init; } = true;
}
