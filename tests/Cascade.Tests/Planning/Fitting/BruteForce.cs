using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;

namespace Cascade.Tests.Planning.Fitting;

/// <summary>Every policy of a family with every threshold that makes a difference, run one after the other.</summary>
internal static class BruteForce
{
    public static IEnumerable<ChainSpec> Directs(FitContext context) => Enumerable.Range(0, context.Models.Length).Select(ChainSpec.Direct);

    public static IEnumerable<ChainSpec> Pairs(FitContext context) =>
        from low in Enumerable.Range(0, context.Models.Length)
        from high in Enumerable.Range(low + 1, context.Models.Length - low - 1)
        from threshold in Thresholds(context, low)
        select ChainSpec.Pair(low, high, threshold);

    public static IEnumerable<ChainSpec> Lists(FitContext context) =>
        from one in Enumerable.Range(0, context.Models.Length)
        from two in Enumerable.Range(0, context.Models.Length)
        where one != two
        from first in Thresholds(context, one)
        from list in Tails(context, one, two, first)
        select list;

    public static IEnumerable<ChainSpec> Shared(FitContext context, int[] chain) =>
        chain[..^1].SelectMany(m => Thresholds(context, m)).Distinct()
            .Select(t => new ChainSpec { Models = [.. chain], Thresholds = [.. Enumerable.Repeat(t, chain.Length - 1)] });

    public static double Best(FitContext context, IEnumerable<ChainSpec> policies, double price) => Points(context, policies).BestAt(price);

    public static (double CostUsd, double Quality, PolicySpec Policy)[] Points(FitContext context, IEnumerable<ChainSpec> policies)
    {
        var evidence = new Evidence(context.Outcomes, context.Scores, null);
        return [.. policies.Select(p =>
        {
            var result = PolicyEvaluator.Run(p.Compile(context.Models), evidence, 0);
            return (result.MeanCostUsd, result.MeanQuality, (PolicySpec)p);
        })];
    }

    public static IEnumerable<double> Thresholds(FitContext context, int model)
    {
        double[] scores = [.. context.Scores.Column(model).ToArray().Where(s => !double.IsNaN(s))];
        return scores.Length == 0 ? [] : scores.Append(context.Models[model].Quality).Distinct().Select(Math.BitIncrement);
    }

    private static IEnumerable<ChainSpec> Tails(FitContext context, int one, int two, double first)
    {
        yield return ChainSpec.Pair(one, two, first);
        foreach (var three in Enumerable.Range(0, context.Models.Length).Where(m => m != one && m != two))
        {
            foreach (var second in Thresholds(context, two))
            {
                yield return new ChainSpec { Models = [one, two, three], Thresholds = [first, second] };
            }
        }
    }
}
