using System.Globalization;

namespace Cascade.Providers.Synthetic;

/// <summary>Arithmetic word problems that this project makes up. A seed and an index fix a problem for good.</summary>
public static class SyntheticProblems
{
    /// <summary>How many kinds of problem there are; neighbouring indexes are of different kinds.</summary>
    public static int Kinds => ProblemTemplates.All.Count;

    /// <summary>Makes a problem.</summary>
    /// <param name="seed">Any number; another seed makes other problems.</param>
    /// <param name="index">Which problem, at least 0.</param>
    /// <returns>The problem and its right answer.</returns>
    public static SyntheticProblem Create(long seed, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var id = FormattableString.Invariant($"synthetic-{seed}-{index}");
        var draw = SeededDraw.For(seed, id);
        var template = ProblemTemplates.All[index % ProblemTemplates.All.Count];
        var person = ProblemTemplates.People[(int)draw.Next(0, ProblemTemplates.People.Count - 1)];
        var (text, numbers) = template.Write(draw, person);
        var solution = Solution.Work(template.Steps, numbers)
            ?? throw new InvalidOperationException($"The problem {id} has no solution in whole numbers.");
        return new SyntheticProblem { Id = id, Text = text, ReferenceAnswer = solution[^1].Result.ToString(CultureInfo.InvariantCulture) };
    }
}
