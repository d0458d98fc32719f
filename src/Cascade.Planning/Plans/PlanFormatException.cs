using System.Collections.Immutable;

namespace Cascade.Planning.Plans;

/// <summary>Something is not a plan; the message lists every problem, one per line.</summary>
public sealed class PlanFormatException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problems">The problems, at least one.</param>
    /// <param name="inner">What they were found by; null for nothing.</param>
    public PlanFormatException(ImmutableArray<PlanProblem> problems, Exception? inner = null)
        : base(string.Join('\n', problems.Select(problem => $"{problem.Path}: {problem.Message}")), inner)
    {
        Problems = problems;
    }

    /// <summary>The problems.</summary>
    public ImmutableArray<PlanProblem> Problems { get; }
}

/// <summary>What is wrong with a plan.</summary>
/// <param name="Path">Where, as a JSON path: <c>$.points[3].price</c>.</param>
/// <param name="Message">What is wrong and what to do about it.</param>
public readonly record struct PlanProblem(string Path, string Message);
