namespace Cascade.Verification;

/// <summary>Finds everything that is wrong with a judge's configuration.</summary>
public static class VerifierConfigValidator
{
    /// <summary>Checks a configuration.</summary>
    /// <param name="path">The key of the configuration, for example <c>Cascade:Routes:math:Verifier</c>.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="endpoints">The endpoints that exist.</param>
    /// <returns>One message per problem: the key, what is wrong and how to repair it. Empty when all is well.</returns>
    public static IEnumerable<string> Check(string path, VerifierConfig config, IReadOnlySet<string> endpoints)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(endpoints);
        return Walk(path, config, endpoints, depth: 1);
    }

    internal static IEnumerable<string> CheckShape(string path, VerifierConfig config) => Walk(path, config, endpoints: null, depth: 1);

    private static IEnumerable<string> Walk(string path, VerifierConfig config, IReadOnlySet<string>? endpoints, int depth)
    {
        if (!VerifierKinds.Every.Contains(config.Kind, StringComparer.Ordinal))
        {
            yield return $"{path}:Kind '{config.Kind}' is not a judge; use one of {string.Join(", ", VerifierKinds.Every)}";
            yield break;
        }

        foreach (var problem in EndpointProblems(path, config, endpoints).Concat(WeightProblems(path, config)).Concat(LimitProblems(path, config.Limits)))
        {
            yield return problem;
        }

        foreach (var problem in PartProblems(path, config, endpoints, depth))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> EndpointProblems(string path, VerifierConfig config, IReadOnlySet<string>? endpoints)
    {
        var asks = config.Kind == VerifierKinds.Agreement;
        if (asks && string.IsNullOrWhiteSpace(config.Endpoint))
        {
            yield return $"{path}:Endpoint is missing; name the endpoint that gives the second answer";
        }
        else if (asks && endpoints is not null && !endpoints.Contains(config.Endpoint!))
        {
            yield return $"{path}:Endpoint '{config.Endpoint}' does not exist; use one of {Known(endpoints)}";
        }
        else if (!asks && !string.IsNullOrEmpty(config.Endpoint))
        {
            yield return $"{path}:Endpoint has no meaning to '{config.Kind}'; remove it, or set Kind to '{VerifierKinds.Agreement}'";
        }

        if (config.CheckRepetition && config.Kind != VerifierKinds.Completeness)
        {
            yield return $"{path}:CheckRepetition has no meaning to '{config.Kind}'; remove it, or set Kind to '{VerifierKinds.Completeness}'";
        }

        if (config.Signal is { } signal && config.Kind != VerifierKinds.TokenLogProbability)
        {
            yield return $"{path}:Signal has no meaning to '{config.Kind}'; remove it, or set Kind to '{VerifierKinds.TokenLogProbability}'";
        }
        else if (config.Signal is { } named && !TokenLogProbabilityVerifier.Signals.Contains(named, StringComparer.Ordinal))
        {
            yield return $"{path}:Signal '{named}' does not exist; use one of {string.Join(", ", TokenLogProbabilityVerifier.Signals)}";
        }

        if (config.CheckRefusals && config.Kind != VerifierKinds.Completeness)
        {
            yield return $"{path}:CheckRefusals has no meaning to '{config.Kind}'; remove it, or set Kind to '{VerifierKinds.Completeness}'";
        }
    }

    private static IEnumerable<string> WeightProblems(string path, VerifierConfig config)
    {
        if (config.Kind != VerifierKinds.Weighted)
        {
            if (config.Weights.Count > 0)
            {
                yield return $"{path}:Weights has no meaning to '{config.Kind}'; remove it, or set Kind to '{VerifierKinds.Weighted}'";
            }

            yield break;
        }

        if (config.Weights.Count != config.Parts.Count)
        {
            yield return $"{path}:Weights has {config.Weights.Count} entries for {config.Parts.Count} parts; give one weight per part";
        }

        for (var i = 0; i < config.Weights.Count; i++)
        {
            if (config.Weights[i] is not (>= CompositeVerifier.LeastWeight and <= CompositeVerifier.MostWeight))
            {
                yield return $"{path}:Weights:{i} is {config.Weights[i]}; give a weight of "
                    + $"{CompositeVerifier.LeastWeight} to {CompositeVerifier.MostWeight}";
            }
        }
    }

    private static IEnumerable<string> PartProblems(string path, VerifierConfig config, IReadOnlySet<string>? endpoints, int depth)
    {
        if (!VerifierKinds.IsComposite(config.Kind))
        {
            return config.Parts.Count == 0 ? [] : [$"{path}:Parts has no meaning to '{config.Kind}'; remove it, or use all, first or weighted"];
        }

        if (config.Parts.Count is 0 or > VerifierConfig.MostParts)
        {
            return [$"{path}:Parts has {config.Parts.Count} judges; give '{config.Kind}' 1 to {VerifierConfig.MostParts}"];
        }

        return depth >= VerifierConfig.MostDepth && config.Parts.Any(p => p is not null && VerifierKinds.IsComposite(p.Kind))
            ? [$"{path}:Parts nests composed judges deeper than {VerifierConfig.MostDepth}; flatten them"]
            : config.Parts.SelectMany((part, i) => part is null
                ? [$"{path}:Parts:{i} is empty; describe a judge or remove it"]
                : Walk($"{path}:Parts:{i}", part, endpoints, depth + 1));
    }

    private static IEnumerable<string> LimitProblems(string path, VerifierLimits limits)
    {
        (string Key, int Value, int Least, int Most)[] rules =
        [
            (nameof(limits.MaxAnswerChars), limits.MaxAnswerChars, 1, 10_000_000),
            (nameof(limits.MaxEquations), limits.MaxEquations, 1, 100_000),
            (nameof(limits.MaxSchemaChars), limits.MaxSchemaChars, 2, 1_000_000),
            (nameof(limits.MaxJsonDepth), limits.MaxJsonDepth, 1, 64),
            (nameof(limits.SchemaCacheSize), limits.SchemaCacheSize, 1, 10_000),
        ];
        return rules.Where(r => r.Value < r.Least || r.Value > r.Most)
            .Select(r => $"{path}:Limits:{r.Key} is {r.Value}; give {r.Least} to {r.Most}");
    }

    private static string Known(IReadOnlySet<string> endpoints) =>
        endpoints.Count == 0 ? "the endpoints, none is configured" : string.Join(", ", endpoints.Order(StringComparer.Ordinal).Take(20));
}
