using Cascade.Planning.Selection;

namespace Cascade.Cli.Fitting;

/// <summary>What was chosen and why, in plain words.</summary>
internal static class ChoiceText
{
    /// <summary>A deficit below it reads as 0.0000.</summary>
    private const double SmallestShown = 0.00005;

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
        if (next is null)
        {
            return "it is the only one that could be fitted";
        }

        var simpler = auto.Comparisons.Any(c => c.Complexity < chosen.Complexity)
            ? $", and each simpler strategy is worse at p ≤ {Numbers.Fixed(auto.Level, 2)}"
            : "";
        return $"it has the highest value on the {auto.Rows} rows to choose on{simpler} "
            + (next.Deficit < SmallestShown && next.Complexity >= chosen.Complexity ? $"(it ties with {next.Strategy}, which is no simpler)" : $"(next is {next.Strategy}, {Gap(next)})");
    }

    private static string Gap(AutoComparison comparison) =>
        $"{Numbers.Fixed(comparison.Deficit, 4)} behind, standard error {Numbers.Fixed(comparison.StandardError, 4)}, p = {Numbers.PValue(comparison.PValue)}";
}
