using Cascade.Planning.Fitting;

namespace Cascade.Cli.Evaluating;

/// <summary>
/// Strategies that come to the same on every query reported, most often because they found nothing better than mixes of single models. One row of a
/// table is enough for them.
/// </summary>
internal sealed record SameStrategies(StrategyRun Shown, IReadOnlyList<string> Others)
{
    /// <summary>The groups, the best first. The plan stands for its group, then single models, then the first by name.</summary>
    public static List<SameStrategies> Of(FitRun run) =>
    [
        .. EvaluationTables.Ranked(run).GroupBy(KeyOf).Select(group =>
        {
            var shown = group.FirstOrDefault(s => s.Strategy == run.Auto.Chosen) ?? group.FirstOrDefault(s => s.Strategy == DirectModels.StrategyName) ?? group.First();
            return new SameStrategies(shown, [.. group.Select(s => s.Strategy).Where(name => name != shown.Strategy)]);
        }),
    ];

    private static string KeyOf(StrategyRun run) => string.Join(
        '|', run.Report!.Budgets.Select(b => $"{b.Fit} {Numbers.Fixed(b.Quality, 9)} {Numbers.Digits(b.CostUsd)} {b.EscalationRate:R}").Prepend(Numbers.Fixed(run.Report.Auc, 9)));
}
