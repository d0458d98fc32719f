using System.Collections.Immutable;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Fitting;

/// <summary>
/// The outcomes of the three parts of a split as strategies want them: complete rows only, models in order of mean cost over the rows to fit on,
/// of equally dear ones the worse first.
/// </summary>
public sealed record SplitOutcomes
{
    /// <summary>The rows to fit on.</summary>
    public required OutcomeTable Fit { get; init; }

    /// <summary>The rows to choose on.</summary>
    public required OutcomeTable Choose { get; init; }

    /// <summary>The rows to report on.</summary>
    public required OutcomeTable Report { get; init; }

    /// <summary>The models' indexes in the table that was split, in the order of the parts.</summary>
    public required ImmutableArray<int> Models { get; init; }

    /// <summary>Rows of the split that were left out, because some model has no outcome with a cost on them.</summary>
    public required int LeftOut { get; init; }

    /// <summary>Divides a table.</summary>
    /// <param name="table">The outcomes.</param>
    /// <param name="split">The rows of each part.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="ArgumentException">There is no model, a row occurs twice or does not exist, or a part has no complete row; all at once.</exception>
    public static SplitOutcomes Of(OutcomeTable table, OutcomeSplit split)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(split);
        var complete = new HashSet<int>(table.ModelCount == 0 ? [] : table.CompleteRows());
        int[][] parts = [[.. split.Fit.Where(complete.Contains)], [.. split.Choose.Where(complete.Contains)], [.. split.Report.Where(complete.Contains)]];
        Require(table, split, parts);
        var models = ByCost(table, parts[0]);
        return new SplitOutcomes
        {
            Models = models,
            Fit = table.Select(models, parts[0]),
            Choose = table.Select(models, parts[1]),
            Report = table.Select(models, parts[2]),
            LeftOut = split.Fit.Length + split.Choose.Length + split.Report.Length - parts.Sum(p => p.Length),
        };
    }

    private static ImmutableArray<int> ByCost(OutcomeTable table, int[] rows)
    {
        double MeanOf(double[] column) => rows.Average(r => column[r]);
        return
        [
            .. Enumerable.Range(0, table.ModelCount)
                .Select(m => (Model: m, Cost: MeanOf(table.CostUsd(m).ToArray()), Quality: MeanOf(table.Quality(m).ToArray())))
                .OrderBy(m => m.Cost).ThenBy(m => m.Quality).ThenBy(m => m.Model)
                .Select(m => m.Model),
        ];
    }

    private static void Require(OutcomeTable table, OutcomeSplit split, int[][] parts)
    {
        var problems = new List<string>();
        if (table.ModelCount == 0)
        {
            problems.Add("the outcomes have no model; give the outcomes of at least one");
        }

        int[] rows = [.. split.Fit, .. split.Choose, .. split.Report];
        if (rows.Any(r => r < 0 || r >= table.RowCount) || rows.Distinct().Count() != rows.Length)
        {
            problems.Add($"the split names a row twice or a row that is not among the {table.RowCount} there are; make it with {nameof(OutcomeSplit)}.Of");
        }

        string[] names = ["fit", "choose", "report"];
        int[] given = [split.Fit.Length, split.Choose.Length, split.Report.Length];
        for (var i = 0; i < parts.Length && table.ModelCount > 0; i++)
        {
            if (parts[i].Length == 0)
            {
                problems.Add(
                    $"none of the {given[i]} rows to {names[i]} on has an outcome with a cost of every model; give more queries, or leave out the models "
                    + "that lack many outcomes");
            }
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), nameof(split));
        }
    }
}
