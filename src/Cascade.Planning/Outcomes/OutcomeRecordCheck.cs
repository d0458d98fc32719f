using System.Collections.Immutable;

namespace Cascade.Planning.Outcomes;

/// <summary>Holds a record to its documented ranges, all problems at once.</summary>
internal static class OutcomeRecordCheck
{
    public static ImmutableArray<OutcomeProblem> Problems(OutcomeRecord record)
    {
        var problems = ImmutableArray.CreateBuilder<OutcomeProblem>();
        Name(problems, nameof(record.QueryId), record.QueryId);
        Name(problems, nameof(record.Model), record.Model);
        if (record.Quality is not (>= 0 and <= 1))
        {
            problems.Add(new OutcomeProblem(nameof(record.Quality), $"{record.Quality} is outside 0 to 1; give the share of the answer that is right"));
        }

        Amount(problems, nameof(record.CostUsd), record.CostUsd, "dollars", mayBeUnknown: true);
        Amount(problems, nameof(record.JudgeCostUsd), record.JudgeCostUsd, "dollars", mayBeUnknown: false);
        Amount(problems, nameof(record.InputTokens), record.InputTokens, "tokens", mayBeUnknown: true);
        Amount(problems, nameof(record.OutputTokens), record.OutputTokens, "tokens", mayBeUnknown: true);
        Amount(problems, nameof(record.LatencySeconds), record.LatencySeconds, "seconds", mayBeUnknown: true);
        foreach (var (name, _) in record.Signals)
        {
            Name(problems, nameof(record.Signals), name);
        }

        return problems.ToImmutable();
    }

    private static void Name(ImmutableArray<OutcomeProblem>.Builder problems, string field, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            problems.Add(new OutcomeProblem(field, "is empty; give a name"));
        }
    }

    private static void Amount(ImmutableArray<OutcomeProblem>.Builder problems, string field, double value, string unit, bool mayBeUnknown)
    {
        if (mayBeUnknown && double.IsNaN(value))
        {
            return;
        }

        if (value is not (>= 0 and <= ColumnCheck.LargestCost))
        {
            problems.Add(new OutcomeProblem(field, $"{value} is not an amount of {unit}; give a number from 0 to {ColumnCheck.LargestCost}"));
        }
    }
}
