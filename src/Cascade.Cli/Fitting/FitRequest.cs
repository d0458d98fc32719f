using System.Collections.Immutable;

namespace Cascade.Cli.Fitting;

/// <summary>What to fit, as the command line says it.</summary>
internal sealed record FitRequest
{
    /// <summary>Names of strategies; empty for all.</summary>
    public ImmutableArray<string> Strategies { get; init; } = [];

    /// <summary>The budget per request that the plan is for.</summary>
    public double? BudgetUsd { get; init; }

    /// <summary>The mean quality that the plan is for.</summary>
    public double? Floor { get; init; }

    /// <summary>Whether estimates may use what the cluster does not know of a request: task, numeric features, input tokens.</summary>
    public bool OfflineFacts { get; init; }

    public ulong Seed { get; init; }

    /// <summary>Resamples of confidence intervals.</summary>
    public int Resamples { get; init; } = 1000;
}
