using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Cascade.Providers.Synthetic;

/// <summary>
/// Solves a made-up problem from its text alone and errs at a stated rate. Whether it errs on a question depends on nothing but the
/// question, the solver and its seed, so two seeds err independently and a question asked twice gets the same answer.
/// </summary>
internal sealed partial class SyntheticSolver(string label, double errorRate, long seed)
{
    /// <summary>The answer; null when the text holds no made-up problem.</summary>
    public string? Answer(string text)
    {
        var plain = WhiteSpace().Replace(text, " ");
        foreach (var template in ProblemTemplates.All)
        {
            if (template.Read(plain, out var problem) is { } numbers)
                return Solution.Work(template.Steps, numbers) is { } right ? Write(template, numbers, right, problem) : null;
        }

        return null;
    }

    private string Write(ProblemTemplate template, Dictionary<string, long> numbers, IReadOnlyList<Equation> right, string problem)
    {
        var draw = SeededDraw.For(seed, $"{label}\n{problem}");
        var (equations, final) = draw.NextShare() < errorRate
            ? SlipChooser.Err(template.Steps, numbers, right, draw)
            : (right, right[^1].Result);

        var answer = new StringBuilder();
        foreach (var equation in equations)
            answer.Append(Line(equation)).Append('\n');
        return answer.Append(CultureInfo.InvariantCulture, $"#### {final}").ToString();
    }

    // The strong solver's words make it the dearer one, as with real models.
    private string Line(Equation equation) => label == SyntheticSolvers.Strong
        ? $"Let us take the next step: {equation.Means} {equation}"
        : equation.ToString();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
