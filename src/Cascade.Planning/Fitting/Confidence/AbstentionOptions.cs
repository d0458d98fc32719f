using Cascade.Planning.Copulas;

namespace Cascade.Planning.Fitting;

/// <summary>How returning no answer is valued when thresholds are fitted, and where it is allowed.</summary>
public sealed record AbstentionOptions
{
    /// <summary>λ_a: what no answer costs next to a wrong one, which costs 1; 0 to 1.</summary>
    /// <value>Default 0.5.</value>
    public double Penalty { get; init; } = 0.5;

    /// <summary>Where abstaining is allowed; <see cref="AbstentionStages.LastOnly"/> measures what abstaining early is worth.</summary>
    /// <value>Default <see cref="AbstentionStages.Any"/>.</value>
    public AbstentionStages Stages { get; init; } = AbstentionStages.Any;
}
