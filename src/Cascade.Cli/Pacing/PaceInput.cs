using Cascade.Cli.Outcomes;
using Cascade.Planning.Estimation;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;

namespace Cascade.Cli.Pacing;

/// <summary>
/// What pacers are given and run over: estimates learned from the queries to fit and to choose on, and the outcomes of those kept apart.
/// </summary>
internal sealed record PaceInput
{
    /// <summary>So many calls of a thousand cost no more than what their worst case may be cut to.</summary>
    private const double CutQuantile = 0.99;

    private const double TokensPerUnit = 1000;

    public required string Dataset { get; init; }

    public required bool CostsAreDollars { get; init; }

    public required PacingRows Rows { get; init; }

    /// <summary>λ*(ρ) by the estimates of queries that the estimator had not seen.</summary>
    public required PriceSchedule Schedule { get; init; }

    public required RestReserve Rest { get; init; }

    /// <summary>Per model, for the baseline that reads list prices; a request counts as 1,000 tokens where tokens were not recorded.</summary>
    public required double[] UsdPerThousandTokens { get; init; }

    public required double[] MeanQuality { get; init; }

    public required double[] MeanCostUsd { get; init; }

    public static IReadOnlyList<IEstimatorTrainer> Trainers { get; } = [new PerTaskMeanTrainer(), new LogisticTrainer(), new KnnTrainer(), new MeanTrainer()];

    public static PaceInput Of(LoadedOutcomes outcomes, PaceRequest request)
    {
        var parts = Fitting.FitWork.Divide(outcomes);
        var complete = outcomes.Table.CompleteRows().ToHashSet();
        var past = outcomes.Table.Select(parts.Models, [.. outcomes.Split.Fit.Concat(outcomes.Split.Choose).Where(complete.Contains).Order()]);
        var fitted = CrossFit.Train(Trainers.First(t => t.Name == request.Estimates), past, request.Seed);
        var recorded = PacingRows.Matrix(past);
        var models = Enumerable.Range(0, past.ModelCount);
        return new PaceInput
        {
            Dataset = outcomes.Name,
            CostsAreDollars = outcomes.CostsAreDollars,
            Rows = new PacingRows(
                PacingRows.Matrix(parts.Report), fitted.Estimator.EstimateAll(parts.Report), models.Select(m => Max(past.CostUsd(m))).ToArray(),
                PacingRows.CostRatios(recorded, fitted.OutOfFold, CutQuantile)),
            Schedule = PriceSchedule.OfDecisions(fitted.OutOfFold, recorded),
            Rest = RestReserve.Of(recorded),
            UsdPerThousandTokens = [.. models.Select(m => Math.Max(1e-12, UnitPrice(past, m)))],
            MeanQuality = [.. models.Select(m => Mean(past.Quality(m)))],
            MeanCostUsd = [.. models.Select(m => Mean(past.CostUsd(m)))],
        };
    }

    private static double UnitPrice(OutcomeTable table, int model)
    {
        var tokens = Mean(table.InputTokens(model)) + Mean(table.OutputTokens(model));
        return Mean(table.CostUsd(model)) * TokensPerUnit / (tokens > 0 ? tokens : TokensPerUnit);
    }

    private static double Mean(ReadOnlySpan<double> column)
    {
        var sum = 0.0;
        foreach (var value in column)
        {
            sum += value;
        }

        return sum / column.Length;
    }

    private static double Max(ReadOnlySpan<double> column)
    {
        var max = 0.0;
        foreach (var value in column)
        {
            max = Math.Max(max, value);
        }

        return max;
    }
}
