namespace Cascade.Datasets;

/// <summary>Holds a source to its documented ranges before a file is opened.</summary>
internal static class SourceCheck
{
    public static void Throw(OutcomeSource source)
    {
        var problems = Problems(source).ToList();
        if (problems.Count > 0)
        {
            throw new OutcomeFileException([.. problems.Select(problem => new FileProblem { File = "source", Column = problem.Field, Message = problem.Message })], 0);
        }
    }

    private static IEnumerable<(string Field, string Message)> Problems(OutcomeSource source)
    {
        if (source.Files.IsDefaultOrEmpty)
        {
            yield return (nameof(source.Files), "is empty; name at least one file");
        }

        if (source.Separator is '"' or '\r' or '\n' or >= (char)128)
        {
            yield return (nameof(source.Separator), "is a quote, a line break or not ASCII; give a comma, a semicolon or a tab");
        }

        if (source.Mapping.QualityScale is not (> 0 and < double.PositiveInfinity))
        {
            yield return (nameof(source.Mapping.QualityScale), $"{source.Mapping.QualityScale} is not above 0; give the quality of a perfect answer");
        }

        if (source.Mapping.LowestQuality is not (> double.NegativeInfinity and <= 0))
        {
            yield return (nameof(source.Mapping.LowestQuality), $"{source.Mapping.LowestQuality} is above 0 or not a number; give 0, or the lowest value of the metric");
        }

        foreach (var (model, price) in source.Prices)
        {
            if (!IsAmount(price.UsdPerCall) || !IsAmount(price.UsdPerMillionInputTokens) || !IsAmount(price.UsdPerMillionOutputTokens))
            {
                yield return (nameof(source.Prices), $"the price of '{model}' is negative or not a number; give dollars");
            }
        }

        foreach (var (model, cost) in source.JudgeCosts)
        {
            if (!IsAmount(cost))
            {
                yield return (nameof(source.JudgeCosts), $"{cost} for '{model}' is negative or not a number; give dollars");
            }
        }

        var names = source.Mapping.Signals.Select(signal => signal.Name).Concat(source.Agreement is { } agreement ? [agreement.Name] : []);
        foreach (var twice in names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1 || string.IsNullOrWhiteSpace(group.Key)))
        {
            yield return (nameof(source.Mapping.Signals), $"'{twice.Key}' is empty or there twice; give each signal a name of its own");
        }
    }

    private static bool IsAmount(double value) => value is >= 0 and < double.PositiveInfinity;
}
