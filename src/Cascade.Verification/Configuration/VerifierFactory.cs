namespace Cascade.Verification;

/// <summary>Builds judges from configuration.</summary>
public static class VerifierFactory
{
    /// <summary>Builds a judge.</summary>
    /// <param name="config">A configuration that <see cref="VerifierConfigValidator"/> finds no problem in.</param>
    /// <returns>The judge; one instance serves all requests of a route.</returns>
    /// <exception cref="ArgumentException">The configuration has a problem; the message names all of them.</exception>
    public static IVerifier Create(VerifierConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var problems = VerifierConfigValidator.CheckShape("Verifier", config).ToList();
        return problems.Count == 0 ? Build(config) : throw new ArgumentException(string.Join("; ", problems), nameof(config));
    }

    private static IVerifier Build(VerifierConfig config) => config.Kind switch
    {
        VerifierKinds.Arithmetic => new ArithmeticVerifier(config.Limits),
        VerifierKinds.Agreement => new AgreementVerifier(config.Endpoint!, config.Limits),
        VerifierKinds.JsonSchema => new JsonSchemaVerifier(config.Limits),
        VerifierKinds.Completeness => new CompletenessVerifier(config.CheckRefusals, config.CheckRepetition, config.Limits),
        VerifierKinds.ToolCall => new ToolCallVerifier(config.Limits),
        VerifierKinds.TokenLogProbability => new TokenLogProbabilityVerifier(config.Signal ?? TokenLogProbabilityVerifier.Mean),
        VerifierKinds.All => new CompositeVerifier(CompositeRule.All, [.. config.Parts.Select(Build)], []),
        VerifierKinds.First => new CompositeVerifier(CompositeRule.First, [.. config.Parts.Select(Build)], []),
        VerifierKinds.Weighted => new CompositeVerifier(CompositeRule.Weighted, [.. config.Parts.Select(Build)], [.. config.Weights]),
        _ => throw new ArgumentException($"unknown judge '{config.Kind}'", nameof(config)),
    };
}
