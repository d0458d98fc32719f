namespace Cascade.Planning.Fitting;

/// <summary>Reasons that strategies share.</summary>
internal static class FitCheck
{
    public const string NoScore =
        "no answer that another model could follow has a score, so that no threshold can be set; record a confidence signal and fit a score model on it";

    public static void Require(ICascadeStrategy strategy, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (strategy.Unfit(context) is { } reason)
        {
            throw new ArgumentException($"strategy '{strategy.Name}' cannot be fitted: {reason}", nameof(context));
        }
    }

    /// <summary>Why no model can be followed by another; null when one can.</summary>
    /// <param name="context">The outcomes.</param>
    public static string? Thresholds(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var count = context.Models.Length;
        if (count < 2)
        {
            return $"{count} model leaves nothing to escalate to; give at least two";
        }

        return Enumerable.Range(0, count - 1).Any(m => HasScore(context, m)) ? null : NoScore;
    }

    private static bool HasScore(FitContext context, int model)
    {
        foreach (var score in context.Scores.Column(model))
        {
            if (!double.IsNaN(score))
            {
                return true;
            }
        }

        return false;
    }
}
