using Cascade.Planning.Selection;

namespace Cascade.Cli.Fitting;

/// <summary>What was chosen and why, in plain words.</summary>
internal static class ChoiceText
{
    public static string Of(AutoChoice auto)
    {
        if (auto.Reason == AutoReason.TooFewRows)
        {
            return $"only {auto.Rows} rows to choose on are too few to tell strategies apart, so the simplest is taken";
        }

        var chosen = auto.Comparisons.First(c => c.Strategy == auto.Chosen);
        if (auto.Reason == AutoReason.SimplerAndNotWorse)
        {
            return $"it is simpler than {auto.Leader}, which has the highest value on the {auto.Rows} rows to choose on, and not worse beyond doubt "
                + $"({Gap(chosen)}; a simpler strategy is given up at p ≤ {Numbers.Fixed(auto.Level, 2)})";
        }

        var next = auto.Comparisons.Where(c => c.Strategy != auto.Chosen).OrderByDescending(c => c.Value).FirstOrDefault();
        return next is null
            ? "it is the only one that could be fitted"
            : $"it has the highest value on the {auto.Rows} rows to choose on, and each simpler strategy is worse at p ≤ {Numbers.Fixed(auto.Level, 2)} "
                + $"(next is {next.Strategy}, {Gap(next)})";
    }

    private static string Gap(AutoComparison comparison) =>
        $"{Numbers.Fixed(comparison.Deficit, 4)} behind, standard error {Numbers.Fixed(comparison.StandardError, 4)}, p = {Numbers.PValue(comparison.PValue)}";
}
