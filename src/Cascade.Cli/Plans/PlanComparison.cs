using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Cascade.Planning.Plans;

namespace Cascade.Cli.Plans;

/// <summary>What two plans decide differently. Only decisions count: the data's name, the seed and the reasons may differ.</summary>
internal sealed record PlanComparison
{
    private const int Budgets = 5;

    public required bool Same { get; init; }

    public required ImmutableArray<string> Changes { get; init; }

    /// <summary>What each plan promises at the same budgets.</summary>
    public required ImmutableArray<ExpectedChange> Expected { get; init; }

    public static PlanComparison Of(PlanDocument a, PlanDocument b)
    {
        var changes = ImmutableArray.CreateBuilder<string>();
        var (jsonA, jsonB) = (JsonNode.Parse(PlanJson.Write(a))!, JsonNode.Parse(PlanJson.Write(b))!);
        Change("strategy", a.Strategy, b.Strategy);
        Change("models", string.Join(", ", a.Models.Select(m => m.Name)), string.Join(", ", b.Models.Select(m => m.Name)));
        for (var m = 0; m < Math.Min(a.ScoreModels.Length, b.ScoreModels.Length); m++)
        {
            if (!JsonNode.DeepEquals(jsonA["scoreModels"]![m], jsonB["scoreModels"]![m]))
            {
                changes.Add($"the score of {a.Models[m].Name} is computed differently");
            }
        }

        if (!JsonNode.DeepEquals(jsonA["scoreSets"], jsonB["scoreSets"]))
        {
            changes.Add("points with scores of their own compute them differently");
        }

        if (!JsonNode.DeepEquals(jsonA["estimator"], jsonB["estimator"]))
        {
            changes.Add("quality and cost before a call are estimated differently");
        }

        Change("operating points", Numbers.Count(a.Points.Length), Numbers.Count(b.Points.Length));
        ComparePoints((a, jsonA["points"]!), (b, jsonB["points"]!), changes);
        return new PlanComparison { Same = changes.Count == 0, Changes = changes.ToImmutable(), Expected = changes.Count == 0 ? [] : Expect(a, b) };

        void Change(string what, string before, string after)
        {
            if (before != after)
            {
                changes.Add($"{what}: {before} → {after}");
            }
        }
    }

    private static void ComparePoints((PlanDocument Plan, JsonNode Json) one, (PlanDocument Plan, JsonNode Json) other, ImmutableArray<string>.Builder changes)
    {
        var (a, b) = (one.Plan, other.Plan);
        var (frontierA, frontierB) = (PlanServing.Frontier(a), PlanServing.Frontier(b));
        for (var i = 0; i < Math.Min(a.Points.Length, b.Points.Length); i++)
        {
            var (before, after) = (Describe(a, i), Describe(b, i));
            var (pricesBefore, pricesAfter) = (PlanServing.PricesOf(frontierA, i), PlanServing.PricesOf(frontierB, i));
            if (!JsonNode.DeepEquals(one.Json[i]!["policy"], other.Json[i]!["policy"]) || a.Points[i].Price != b.Points[i].Price || a.Points[i].ScoreSet != b.Points[i].ScoreSet)
            {
                changes.Add($"point {i + 1}: {(before == after ? before + ", by less than can be shown" : $"{before} ⇒ {after}")}");
            }

            if (!pricesBefore.Equals(pricesAfter))
            {
                changes.Add($"point {i + 1}, λ: {Range(pricesBefore)} ⇒ {Range(pricesAfter)}");
            }
        }
    }

    private static ImmutableArray<ExpectedChange> Expect(PlanDocument a, PlanDocument b)
    {
        var (before, after) = (PlanServing.Frontier(a), PlanServing.Frontier(b));
        var low = Math.Max(before.Vertices[0].CostUsd, after.Vertices[0].CostUsd);
        var high = Math.Max(before.Vertices[^1].CostUsd, after.Vertices[^1].CostUsd);
        return
        [
            .. Enumerable.Range(0, Budgets)
                .Select(i => low > 0 ? low * Math.Pow(high / low, i / (Budgets - 1.0)) : high * i / (Budgets - 1.0))
                .Select(budget => (Budget: budget, Before: before.AtBudget(budget), After: after.AtBudget(budget)))
                .Select(c => new ExpectedChange(c.Budget, c.Before.Quality, c.After.Quality, c.Before.CostUsd, c.After.CostUsd)),
        ];
    }

    private static string Range((double From, double To) prices) => $"{Numbers.Price(prices.From)} to {Numbers.Price(prices.To)}";

    private static string Describe(PlanDocument plan, int point) =>
        PolicyText.Of(plan.Points[point].Policy, [.. plan.Models.Select(m => m.Name)], plan.Points[point].Price);
}

/// <summary>What is planned at a budget before and after.</summary>
internal sealed record ExpectedChange(double BudgetUsd, double QualityBefore, double QualityAfter, double CostBeforeUsd, double CostAfterUsd);
