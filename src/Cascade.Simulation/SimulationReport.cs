using System.Collections.Immutable;

namespace Cascade.Simulation;

/// <summary>What a simulation met.</summary>
public sealed record SimulationReport
{
    /// <summary>Seeds that were run.</summary>
    public required int Seeds { get; init; }

    /// <summary>Steps of each.</summary>
    public required int Steps { get; init; }

    /// <summary>Seeds whose run broke a promise, by seed.</summary>
    public required ImmutableArray<SimulationFailure> Failures { get; init; }

    /// <summary>How often every fault and every interesting state was met.</summary>
    public required ImmutableArray<SimulationCount> Coverage { get; init; }

    /// <summary>The same for two simulations exactly when the same things happened in every run.</summary>
    public required string Hash { get; init; }
}

/// <summary>How often something was met.</summary>
/// <param name="What">The fault or state.</param>
/// <param name="Count">How often.</param>
public readonly record struct SimulationCount(string What, long Count);

/// <summary>A run that broke a promise.</summary>
public sealed record SimulationFailure
{
    /// <summary>The seed that repeats it.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The promise and how it was broken.</summary>
    public required string Problem { get; init; }

    /// <summary>The steps that are left when all that it fails without is left out.</summary>
    public ImmutableArray<string> SmallestSteps { get; init; } = [];

    /// <summary>What happens in these steps, until the promise is broken.</summary>
    public ImmutableArray<string> Trace { get; init; } = [];
}
