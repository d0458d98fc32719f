namespace Cascade.Providers;

/// <summary>Which solver an endpoint is.</summary>
public sealed class SyntheticConfig
{
    /// <summary>The solver.</summary>
    /// <value><c>weak</c> (default) or <c>strong</c>.</value>
    public string Solver { get; set; } = SyntheticSolvers.Weak;

    /// <summary>The share of questions that are answered wrongly.</summary>
    /// <value>0 to 1. Default: 0.25 for the weak solver, 0.03 for the strong one.</value>
    public double? ErrorRate { get; set; }

    /// <summary>Decides which questions are answered wrongly. Two solvers with different seeds err independently.</summary>
    /// <value>Any number. Default 1.</value>
    public long Seed { get; set; } = 1;

    /// <summary>How long each answer takes.</summary>
    /// <value>Milliseconds, 0 to 600,000. Default 0.</value>
    public int LatencyMilliseconds { get; set; }

    /// <summary>The error rate in force.</summary>
    /// <returns>0 to 1.</returns>
    public double ToErrorRate() => ErrorRate ?? (Solver == SyntheticSolvers.Strong ? 0.03 : 0.25);
}
