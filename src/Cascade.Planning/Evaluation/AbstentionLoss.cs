namespace Cascade.Planning.Evaluation;

/// <summary>
/// What a policy that may return no answer is judged by (arXiv 2502.09054): mean quality alone counts no answer like a wrong one, which hides what
/// abstaining is for.
/// </summary>
/// <param name="Error">Mean of 1 − u over all requests, 0 for those without an answer.</param>
/// <param name="Abstained">The share of requests without an answer.</param>
/// <param name="CostUsd">Mean cost per request in dollars.</param>
/// <param name="Loss">Error + λ_c · cost + λ_a · abstained.</param>
public sealed record AbstentionLoss(double Error, double Abstained, double CostUsd, double Loss)
{
    /// <summary>Judges what a policy delivered.</summary>
    /// <param name="result">What it delivered; at least one row.</param>
    /// <param name="qualityPerUsd">λ_c in quality per dollar, at least 0.</param>
    /// <param name="abstentionPenalty">λ_a, 0 to 1.</param>
    /// <returns>The loss and its parts.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A price is out of its range.</exception>
    public static AbstentionLoss Of(PolicyResult result, double qualityPerUsd, double abstentionPenalty)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (qualityPerUsd is not (>= 0 and <= ColumnCheck.Largest))
        {
            throw new ArgumentOutOfRangeException(nameof(qualityPerUsd), qualityPerUsd, "a price is 0 to 1e100 quality per dollar");
        }

        if (abstentionPenalty is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(abstentionPenalty), abstentionPenalty, "give 0 to 1; 1 counts an abstention like an error");
        }

        var error = 0.0;
        for (var row = 0; row < result.Quality.Length; row++)
        {
            error += result.FinalModel[row] < 0 ? 0 : (1 - result.Quality[row]) / result.Quality.Length;
        }

        var loss = error + (qualityPerUsd * result.MeanCostUsd) + (abstentionPenalty * result.AbstentionRate);
        return new AbstentionLoss(error, result.AbstentionRate, result.MeanCostUsd, loss);
    }
}
