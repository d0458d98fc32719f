using Cascade.Planning.Fitting;

namespace Cascade.Cli.Evaluating;

/// <summary>What an evaluation shows, stated by rule: nothing here is written by hand, so that it cannot be kinder than the numbers.</summary>
internal static class EvaluationFacts
{
    private const string Envelope = "pairwise-envelope";
    private const string Singles = "single-model";

    private static readonly (string Label, string[] Prefixes)[] Rivals =
    [
        ("The best chain", ["fixed-chain", "subsequence"]),
        ("The best router before generation", ["router", "optimal-routing"]),
        ("The best of cascade routing and optimal cascading", ["cascade-routing", "optimal-cascad"]),
    ];

    public static IEnumerable<string> Of(EvaluatedDataset data)
    {
        var ranked = EvaluationTables.Ranked(data.Run);
        var (best, plan) = (ranked[0], data.Chosen);
        foreach (var same in SameStrategies.Of(data.Run).Where(g => g.Others.Count > 0))
        {
            yield return $"The same as {same.Shown.Strategy} on every query reported: {string.Join(", ", same.Others)}.";
        }

        yield return $"The plan is {plan.Strategy}: {Fitting.ChoiceText.Of(data.Run.Auto)}.";
        yield return best.Strategy == plan.Strategy
            ? $"No strategy has a higher AUC than the plan, {Numbers.Quality(best.Report!.Auc)}."
            : $"{best.Strategy} has the highest AUC, {Numbers.Quality(best.Report!.Auc)}; the plan has {Numbers.Quality(plan.Report!.Auc)}. "
                + $"Against it, the plan is {Compared(data.Run, plan.Strategy, best.Strategy)}.";
        yield return AutoStanding.Of(data).Sentence();
        if (plan.Strategy != Singles && IsFitted(data.Run, Singles))
        {
            yield return $"Against mixes of single models, the plan is {Compared(data.Run, plan.Strategy, Singles)}.";
        }

        if (!IsFitted(data.Run, Envelope))
        {
            yield return "There is no signal of an answer's quality, so nothing that escalates on one could be fitted.";
            yield break;
        }

        foreach (var (label, prefixes) in Rivals)
        {
            if (ranked.FirstOrDefault(s => prefixes.Any(p => s.Strategy.StartsWith(p, StringComparison.Ordinal))) is { } rival)
            {
                yield return $"{label}, {rival.Strategy}, is {Compared(data.Run, rival.Strategy, Envelope)}, compared with the pairwise envelope.";
            }
        }

        foreach (var finding in PublishedFindings.Of(data.Run))
        {
            yield return finding;
        }
    }

    /// <summary>At how many budgets one is better or worse than another by more than the 95% interval of the paired difference.</summary>
    public static string Compared(FitRun run, string strategy, string other)
    {
        if (strategy == other)
        {
            return "the same";
        }

        var differences = run.Compare(strategy, other);
        var (better, worse) = (differences.Count(d => d.IsBetter), differences.Count(d => d.IsWorse));
        var range = $"{Numbers.Signed(differences.Min(d => d.Quality), 3)} to {Numbers.Signed(differences.Max(d => d.Quality), 3)}";
        return (better, worse) switch
        {
            (0, 0) => $"neither better nor worse at any of {differences.Length} budgets ({range})",
            (_, 0) => $"better at {better} of {differences.Length} budgets and worse at none ({range})",
            (0, _) => $"worse at {worse} of {differences.Length} budgets and better at none ({range})",
            _ => $"better at {better} and worse at {worse} of {differences.Length} budgets ({range})",
        };
    }

    internal static bool IsFitted(FitRun run, string strategy) => run.Strategies.Any(s => s.Strategy == strategy && s.Status == StrategyStatus.Fitted);
}
