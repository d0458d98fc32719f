using System.Collections.Immutable;

namespace Cascade.Datasets.Sources;

/// <summary>The problems of all files: the first ones in full, the number of the others.</summary>
internal sealed class ProblemLog(int most)
{
    private readonly ImmutableArray<FileProblem>.Builder _problems = ImmutableArray.CreateBuilder<FileProblem>();
    private long _more;

    public long Count => _problems.Count + _more;

    public void Add(FileProblem problem)
    {
        if (_problems.Count < most)
        {
            _problems.Add(problem);
        }
        else
        {
            _more++;
        }
    }

    public void ThrowIfAny()
    {
        if (Count > 0)
        {
            throw new OutcomeFileException(_problems.ToImmutable(), _more);
        }
    }
}
