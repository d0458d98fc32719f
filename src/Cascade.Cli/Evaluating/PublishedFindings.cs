using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;

namespace Cascade.Cli.Evaluating;

/// <summary>What publications say of one strategy against another, beside what these data sets say. Both are named beforehand; nothing is picked by its result.</summary>
internal static class PublishedFindings
{
    public static readonly (string One, string Other, string Published)[] Pairs =
    [
        ("pairwise-envelope", "single-model", "a cascade gains where a signal tells when the dearer model does better, and nothing where one model dominates"),
        ("fixed-chain", "pairwise-envelope", "a chain through all models loses 0.5 to 1.5 points to the envelope of pairs"),
        ("subsequence-cascade", "pairwise-envelope", "the best subsequences are within −0.25 to +0.33 points of the envelope"),
        ("router-logistic", "pairwise-envelope", "a router before generation is ahead on four of five sets, because it does not pay for the draft"),
        ("cascade-routing", "optimal-routing", "cascade routing is ahead of routing, more so with better signals"),
        ("cascade-routing", "optimal-cascade", "cascade routing is ahead of cascading"),
        ("frugal-gpt", "single-model", "matches the best model at up to 98% less cost"),
        ("automix", "threshold-pair", "the POMDP over noisy self-verification is ahead of a threshold"),
        ("learned-deferral", "token-uncertainty", "a learned rule over quantiles is ahead of sums and averages of log-probabilities"),
        ("early-abstention", "rational-tuning", "abstaining early lowers cost where wrong answers cost more than none"),
    ];

    /// <summary>One row per pair and one column per data set: the mean difference over the budgets at equal cost, in points.</summary>
    public static Html.TextTable Table(IReadOnlyList<EvaluatedDataset> datasets)
    {
        var able = datasets.Where(d => Pairs.Any(p => Difference(d.Run, p.One, p.Other) is not null)).ToList();
        return new Html.TextTable(
            "",
            ["strategies", "published", .. able.Select(d => d.Outcomes.Name)],
            [.. Pairs.Select(p => (IReadOnlyList<string>)[$"{p.One} − {p.Other}", p.Published, .. able.Select(d => Cell(Difference(d.Run, p.One, p.Other)))])]);
    }

    /// <summary>The same of one data set, with intervals.</summary>
    public static IEnumerable<string> Of(FitRun run)
    {
        foreach (var (one, other, _) in Pairs)
        {
            if (Difference(run, one, other) is { } d)
            {
                yield return $"{one} − {other}, over all budgets: {Points(d.Value)} points ({Points(d.ValueInterval.Low)} to {Points(d.ValueInterval.High)}).";
            }
        }
    }

    private static PairedDifference? Difference(FitRun run, string one, string other) =>
        EvaluationFacts.IsFitted(run, one) && EvaluationFacts.IsFitted(run, other) ? run.CompareOverBudgets(one, other) : null;

    private static string Cell(PairedDifference? difference) =>
        difference is null ? "–" : Points(difference.Value) + (difference.IsBetter || difference.IsWorse ? " \\*" : "");

    private static string Points(double quality) => Numbers.Signed(100 * quality, 1);
}
