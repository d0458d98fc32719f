namespace Cascade.Planning.Strategies;

/// <summary>Holds a strategy's input to its documented ranges, all problems in one message.</summary>
internal static class StrategyInputCheck
{
    /// <summary>Most models of one route; a request never needs more, and a policy walks them all on every decision.</summary>
    internal const int MostModels = 32;

    internal static void Require(StrategyInput input, string strategy, int fewest, int most)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(input.Models, nameof(input));
        var problems = Problems(input, strategy, fewest, most).ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(input));
        }
    }

    private static IEnumerable<string> Problems(StrategyInput input, string strategy, int fewest, int most)
    {
        var count = input.Models.Count;
        if (count < fewest || count > most)
        {
            var wanted = fewest == most ? $"exactly {fewest}" : $"{fewest} to {most}";
            yield return $"strategy '{strategy}' got {count} model(s); give it {wanted}";
        }

        if (input.Threshold is not (>= 0 and <= 1))
        {
            yield return $"threshold {input.Threshold} is outside 0 to 1; give a probability, for example 0.8";
        }

        for (var i = 0; i < count; i++)
        {
            var model = input.Models[i];
            if (model.Quality is not (>= 0 and <= 1))
            {
                yield return $"quality {model.Quality} of model {i} ('{model.Name}') is outside 0 to 1; give its share of right answers";
            }

            if (!double.IsFinite(model.CostUsd) || model.CostUsd < 0)
            {
                yield return $"cost {model.CostUsd} of model {i} ('{model.Name}') is not an amount of dollars; give 0 or more";
            }
        }
    }
}
