namespace Cascade.Verification;

/// <summary>Checks JSON schemas before a request is accepted.</summary>
public static class JsonSchemaCheck
{
    /// <summary>Whether a schema can be used to judge answers.</summary>
    /// <param name="schema">The schema as JSON text.</param>
    /// <param name="problem">What is wrong and how to repair it; empty when nothing is.</param>
    /// <returns>Whether it can be used.</returns>
    public static bool TryParse(string? schema, out string problem) => TryParse(schema, new VerifierLimits(), out problem);

    /// <summary>Whether a schema can be used to judge answers, under given limits.</summary>
    /// <param name="schema">The schema as JSON text.</param>
    /// <param name="limits">Sizes.</param>
    /// <param name="problem">What is wrong and how to repair it; empty when nothing is.</param>
    /// <returns>Whether it can be used.</returns>
    public static bool TryParse(string? schema, VerifierLimits limits, out string problem)
    {
        ArgumentNullException.ThrowIfNull(limits);
        problem = SchemaCompiler.Compile(schema, limits).Problem;
        return problem.Length == 0;
    }
}
