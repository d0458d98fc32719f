using System.Collections.Immutable;

namespace Cascade.Planning.Pacing;

/// <summary>The settings of <see cref="PortRule"/>. Immutable; validated when a rule is created from it.</summary>
public sealed record PortOptions
{
    /// <summary>The budget of each model for the run, in dollars, above 0.</summary>
    public required ImmutableArray<double> BudgetsUsd { get; init; }

    /// <summary>ε, the share of requests that are routed at random and make the sample, above 0 to 1. The default is 0.025, as published.</summary>
    public double SampleShare { get; init; } = 0.025;

    /// <summary>α, the weight of quality, above 0. The default is 1e-4, as published.</summary>
    public double Scale { get; init; } = 1e-4;

    /// <summary>The objective. The default has the void option.</summary>
    public SampleDualMode Mode { get; init; } = SampleDualMode.Void;

    internal void Require()
    {
        var problems = new List<string>();
        if (BudgetsUsd.IsDefaultOrEmpty || !BudgetsUsd.All(b => double.IsFinite(b) && b > 0))
        {
            problems.Add("BudgetsUsd is empty or holds an amount that is not above 0; give one per model");
        }

        if (SampleShare is not (> 0 and <= 1))
        {
            problems.Add($"SampleShare {SampleShare} is outside 0 to 1; the default is 0.025");
        }

        if (!double.IsFinite(Scale) || Scale <= 0)
        {
            problems.Add($"Scale {Scale} is not above 0; the default is 1e-4");
        }

        if (Mode is not (SampleDualMode.Void or SampleDualMode.Compat))
        {
            problems.Add($"Mode {Mode} is not one; give {SampleDualMode.Void} or {SampleDualMode.Compat}");
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), "options");
        }
    }
}
