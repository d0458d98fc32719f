using System.Collections.Immutable;
using Cascade.Planning.Pacing.Simulation;

namespace Cascade.Cli.Pacing;

/// <summary>What to simulate, as the command line says it.</summary>
internal sealed record PaceRequest
{
    /// <summary>The plan in dollars per request; null when the total is given.</summary>
    public double? BudgetUsd { get; init; }

    /// <summary>The window's budget in dollars; null when it is given per request.</summary>
    public double? TotalUsd { get; init; }

    /// <summary>Requests of a run; null for as many as there are queries kept apart.</summary>
    public int? Requests { get; init; }

    public required ArrivalKind Arrivals { get; init; }

    public required ImmutableArray<string> Pacers { get; init; }

    public required string Estimates { get; init; }

    /// <summary>Runs per pacer.</summary>
    public required int Runs { get; init; }

    public required int InFlight { get; init; }

    public required ulong Seed { get; init; }
}
