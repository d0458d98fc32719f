using System.Collections.Immutable;

namespace Cascade.Datasets;

/// <summary>Files cannot be read as outcomes; the message lists every problem, one per line.</summary>
public sealed class OutcomeFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="problems">The problems that are described, at least one.</param>
    /// <param name="more">How many more there are.</param>
    public OutcomeFileException(ImmutableArray<FileProblem> problems, long more)
        : base(string.Join('\n', problems.Select(problem => problem.ToString()).Concat(more > 0 ? [$"and {more} more"] : [])))
    {
        (Problems, More) = (problems, more);
    }

    /// <summary>The problems, in the order of the files.</summary>
    public ImmutableArray<FileProblem> Problems { get; }

    /// <summary>How many more problems there are than <see cref="Problems"/> describes.</summary>
    public long More { get; }
}
