namespace Cascade.Providers.Synthetic;

/// <summary>Chooses how a solver errs.</summary>
internal static class SlipChooser
{
    // Out of ten wrong answers: four have an equation that does not add up, five use a wrong operation but add up, one states another
    // number than it computed. Recomputing can find the first kind only.
    private const int ArithmeticInTen = 4;
    private const int OperationInTen = 5;

    private static readonly long[] Offsets = [1, -1, 2, -2, 10, -10];

    /// <summary>The equations of a wrong solution and the number it ends with, which is never the right one.</summary>
    public static (IReadOnlyList<Equation> Equations, long Final) Err(
        IReadOnlyList<SolutionStep> steps, IReadOnlyDictionary<string, long> numbers, IReadOnlyList<Equation> right, SeededDraw draw)
    {
        var kind = draw.Next(0, 9);
        var first = (int)draw.Next(0, steps.Count - 1);
        var offset = Offsets[draw.Next(0, Offsets.Length - 1)];
        if (kind < ArithmeticInTen + OperationInTen)
        {
            for (var tried = 0; tried < steps.Count; tried++)
            {
                var step = (first + tried) % steps.Count;
                var slip = kind < ArithmeticInTen ? new Slip(step, null, offset) : new Slip(step, Confused(steps[step].Operation), 0);
                if (Solution.Work(steps, numbers, slip) is { } wrong && wrong[^1].Result != right[^1].Result)
                    return (wrong, wrong[^1].Result);
            }
        }

        return (right, right[^1].Result + Math.Abs(offset));
    }

    private static char Confused(char operation) => operation switch
    {
        '+' => '-',
        '-' => '+',
        '*' => '+',
        _ => '*',
    };
}
