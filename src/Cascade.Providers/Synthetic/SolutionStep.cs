namespace Cascade.Providers.Synthetic;

/// <summary>One step of a solution: what is computed, from what, and what it means in words.</summary>
/// <param name="Result">The name of the result.</param>
/// <param name="Left">A number of the problem, or the result of an earlier step.</param>
/// <param name="Operation">One of <c>+ - * /</c>.</param>
/// <param name="Right">A number of the problem, or the result of an earlier step.</param>
/// <param name="Means">What the result is, to stand before the equation.</param>
internal sealed record SolutionStep(string Result, string Left, char Operation, string Right, string Means);

/// <summary>An equation as a solver shows it; right or wrong.</summary>
internal sealed record Equation(long Left, char Operation, long Right, long Result, string Means)
{
    /// <summary>The whole number that an operation makes; null when it makes none, or a negative one.</summary>
    public static long? Compute(long left, char operation, long right) => operation switch
    {
        '+' => left + right,
        '-' when left >= right => left - right,
        '*' => left * right,
        '/' when right != 0 && left % right == 0 => left / right,
        _ => null,
    };

    public override string ToString() => FormattableString.Invariant($"{Left} {Operation} {Right} = {Result}");
}
