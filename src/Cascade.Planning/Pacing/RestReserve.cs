using Cascade.Planning.Estimation;

namespace Cascade.Planning.Pacing;

/// <summary>
/// What has to be left so that the requests still to come can have the cheapest action: <c>n·mean + z·√n·deviation</c>. A dearer call may not eat into
/// it. Without it the last requests of a window that ran out early get nothing, which costs more than any dearer answer before had gained. Immutable.
/// </summary>
/// <param name="MeanUsd">Mean cost of the cheapest action, in dollars.</param>
/// <param name="DeviationUsd">Standard deviation of that cost, in dollars.</param>
/// <param name="Deviations">z, how many standard deviations of the sum are kept on top, 0 or more. 2.5 refused nobody in cross-validation.</param>
public sealed record RestReserve(double MeanUsd, double DeviationUsd, double Deviations)
{
    /// <summary>Takes mean and deviation from recorded outcomes, for the action with the lowest mean cost, with z = 2.5.</summary>
    /// <param name="recorded">Outcomes; at least one row.</param>
    /// <returns>The reserve.</returns>
    /// <exception cref="ArgumentException">There is no row.</exception>
    public static RestReserve Of(PriorMatrix recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        if (recorded.RowCount == 0)
        {
            throw new ArgumentException("there is no row; give at least one", nameof(recorded));
        }

        var best = new RestReserve(double.PositiveInfinity, 0, 2.5);
        for (var model = 0; model < recorded.ModelCount; model++)
        {
            var (mean, squares) = (0.0, 0.0);
            for (var row = 0; row < recorded.RowCount; row++)
            {
                mean += recorded.CostUsd(row)[model] / recorded.RowCount;
            }

            for (var row = 0; row < recorded.RowCount; row++)
            {
                squares += (recorded.CostUsd(row)[model] - mean) * (recorded.CostUsd(row)[model] - mean);
            }

            best = mean < best.MeanUsd ? best with { MeanUsd = mean, DeviationUsd = Math.Sqrt(squares / recorded.RowCount) } : best;
        }

        return best;
    }

    /// <summary>What has to be left.</summary>
    /// <param name="requests">Requests still expected after this one; below 0 counts as 0.</param>
    /// <returns>Dollars.</returns>
    public double NeededUsd(double requests) =>
        (Math.Max(0, requests) * MeanUsd) + (Deviations * Math.Sqrt(Math.Max(0, requests)) * DeviationUsd);
}
