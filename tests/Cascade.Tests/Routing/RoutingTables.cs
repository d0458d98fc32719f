using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Tests.Routing;

/// <summary>Outcome tables to route on.</summary>
internal static class RoutingTables
{
    internal static OutcomeTable Of(IEnumerable<(OutcomeQuery Query, double[] Quality, double[] CostUsd)> rows, string[] models)
    {
        var builder = new OutcomeTableBuilder();
        foreach (var (query, quality, cost) in rows)
        {
            builder.Describe(query, []);
            for (var m = 0; m < models.Length; m++)
            {
                builder.Add(new OutcomeRecord { QueryId = query.Id, Model = models[m], Quality = quality[m], CostUsd = cost[m] });
            }
        }

        return builder.Build();
    }

    /// <summary>
    /// Questions of two kinds: arithmetic, which the cheap model cannot do, and spelling, which it can. The words tell the kinds apart, the task
    /// does so only where it is given. A tenth of the outcomes is turned around.
    /// </summary>
    internal static OutcomeTable TwoKinds(int rows, bool withTask)
    {
        string[] names = ["apple", "river", "stone", "cloud", "tiger", "piano", "table", "grass", "ocean", "candle"];
        return Of(
            Enumerable.Range(0, rows).Select(i =>
            {
                var hard = i % 2 == 0;
                var text = hard
                    ? $"compute the product of {i} and {(i * 7) % 100} then add {i % 13}"
                    : $"please spell the word {names[i / 2 % 10]} backwards {names[i / 20 % 10]} {i}";
                var right = hard == (i / 2 % 10 == 0);
                return (
                    new OutcomeQuery { Id = $"q{i}", Text = text, Task = withTask ? hard ? "sums" : "spelling" : null },
                    new[] { right ? 1.0 : 0, i / 2 % 10 == 5 ? 0.0 : 1 }, new[] { 0.001, 0.01 * (1 + (hard ? 0.5 : 0)) });
            }),
            ["cheap", "strong"]);
    }

    internal static FitContext Context(OutcomeTable table, FitOptions? options = null)
    {
        var means = ModelMeans.Of(table);
        int[] order = [.. Enumerable.Range(0, table.ModelCount).OrderBy(m => means.CostUsd[m]).ThenBy(m => means.Quality[m])];
        var sorted = table.Select(order, [.. Enumerable.Range(0, table.RowCount)]);
        ImmutableArray<ScoreModel?> unscored = [.. order.Select(_ => (ScoreModel?)null)];
        return new FitContext
        {
            Outcomes = sorted,
            ScoreModels = unscored,
            Scores = ScoreMatrix.Of(sorted, unscored),
            Models = Profiles(sorted),
            Options = options ?? new FitOptions(),
        };
    }

    internal static ImmutableArray<ModelProfile> Profiles(OutcomeTable table)
    {
        var means = ModelMeans.Of(table);
        return [.. table.Models.Select((name, m) => new ModelProfile { Name = name, Quality = means.Quality[m], CostUsd = means.CostUsd[m] })];
    }

    internal static ImmutableArray<ModelProfile> Profiles(params (double Quality, double CostUsd)[] models) =>
        [.. models.Select((m, i) => new ModelProfile { Name = $"m{i}", Quality = m.Quality, CostUsd = m.CostUsd })];
}
