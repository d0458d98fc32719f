namespace Cascade.Providers.Synthetic;

/// <summary>Works a problem out, rightly or with one slip.</summary>
internal static class Solution
{
    /// <summary>The equations of a solution; null when one of them is no whole number, or negative.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="numbers">The problem's numbers.</param>
    /// <param name="slip">What goes wrong; null when nothing does.</param>
    public static IReadOnlyList<Equation>? Work(IReadOnlyList<SolutionStep> steps, IReadOnlyDictionary<string, long> numbers, Slip? slip = null)
    {
        var known = new Dictionary<string, long>(numbers);
        var equations = new List<Equation>(steps.Count);
        foreach (var step in steps)
        {
            var slipsHere = slip is not null && slip.Step == equations.Count;
            var operation = slipsHere && slip!.Operation is { } wrong ? wrong : step.Operation;
            var (left, right) = (known[step.Left], known[step.Right]);
            if (Equation.Compute(left, operation, right) + (slipsHere ? slip!.Offset : 0) is not (>= 0 and var result))
                return null;
            known[step.Result] = result;
            equations.Add(new Equation(left, operation, right, result, step.Means));
        }

        return equations;
    }
}

/// <summary>One mistake: a wrong operation, or a result that is off.</summary>
/// <param name="Step">The step it happens in, from 0.</param>
/// <param name="Operation">The operation that is used instead; null when it is the right one.</param>
/// <param name="Offset">How far the result is off.</param>
internal sealed record Slip(int Step, char? Operation, long Offset);
