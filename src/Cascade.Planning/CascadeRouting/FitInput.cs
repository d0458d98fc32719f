using Cascade.Planning.Fitting;

namespace Cascade.Planning.CascadeRouting;

internal static class FitInput
{
    /// <summary>Below, covariances of several models are noise.</summary>
    public const int FewestRows = 30;

    public static string? Unfit(FitContext context, bool needsScores)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Outcomes.RowCount < FewestRows)
        {
            return $"{context.Outcomes.RowCount} rows are too few for covariances; give at least {FewestRows}";
        }

        if (context.Models.Length < 2)
        {
            return "there is one model, hence nothing to choose; give at least two";
        }

        return needsScores && context.ScoreModels.All(m => m is null)
            ? "no answer has a score, so that there is nothing to learn from running a model; record a confidence signal"
            : null;
    }

    public static void Require(ICascadeStrategy strategy, FitContext context)
    {
        if (strategy.Unfit(context) is { } reason)
        {
            throw new ArgumentException(reason, nameof(context));
        }
    }
}
