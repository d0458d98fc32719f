namespace Cascade.Providers;

/// <summary>The solvers of the synthetic provider.</summary>
public static class SyntheticSolvers
{
    /// <summary>Short answers, wrong often.</summary>
    public const string Weak = "weak";

    /// <summary>Explains itself, wrong seldom.</summary>
    public const string Strong = "strong";

    /// <summary>All solvers.</summary>
    public static IReadOnlyList<string> All { get; } = [Weak, Strong];
}
