using System.Text.Json;
using Cascade.Planning.Plans;

namespace Cascade.Cli.Plans;

/// <summary>A policy in words.</summary>
internal static class PolicyText
{
    public static string Of(PolicySpec policy, IReadOnlyList<string> models, double price) => policy switch
    {
        ChainSpec chain => Chain(chain, models),
        RouterSpec router => $"to the best of {Names(router.Models, models)} at λ {Numbers.Price(price)}",
        _ => $"{KindOf(policy)} at λ {Numbers.Price(price)}",
    };

    /// <summary>The models and rules of a policy without its numbers: what changes at a switching point.</summary>
    public static string Shape(PolicySpec policy, IReadOnlyList<string> models) => policy switch
    {
        ChainSpec chain => string.Join(" → ", chain.Models.Select(m => models[m])),
        RouterSpec router => router.Models.Length == models.Count ? "router over all models" : $"router over {Names(router.Models, models)}",
        _ => KindOf(policy),
    };

    private static string Chain(ChainSpec chain, IReadOnlyList<string> models)
    {
        var text = models[chain.Models[0]];
        for (var i = 1; i < chain.Models.Length; i++)
        {
            text += chain.Thresholds[i - 1] switch
            {
                double.NegativeInfinity => ", never further",
                double.PositiveInfinity => $" → {models[chain.Models[i]]} always",
                var threshold => $" → {models[chain.Models[i]]} below {Numbers.Quality(threshold)}",
            };
        }

        var abstains = chain.AbstainAtMost.IsDefaultOrEmpty || chain.AbstainAtMost.All(double.IsNegativeInfinity)
            ? ""
            : $"; no answer at {string.Join(", ", chain.AbstainAtMost.Select(Numbers.Quality))} or less";
        return text + abstains;
    }

    private static string Names(IEnumerable<int> indexes, IReadOnlyList<string> models) => string.Join(", ", indexes.Select(m => models[m]));

    private static string KindOf(PolicySpec policy) =>
        JsonNamingPolicy.KebabCaseLower.ConvertName(policy.GetType().Name.Replace("Spec", "", StringComparison.Ordinal)).Replace('-', ' ');
}
