namespace Cascade.Planning.Pacing;

/// <summary>Requests that were settled since the last report, and where that leaves the window.</summary>
public readonly record struct PacingReport
{
    /// <summary>Requests settled, at least 0. One report of k requests counts as k reports of one with the same remainder.</summary>
    public required long Requests { get; init; }

    /// <summary>What they cost in all, in dollars, at least 0. Reservations are not spend: counting both would count twice.</summary>
    public required double SpendUsd { get; init; }

    /// <summary>What is left of the window's budget after that spend, in dollars; 0 or less puts the price at its maximum.</summary>
    public required double RemainingBudgetUsd { get; init; }

    /// <summary>Requests still expected in the window; below 1 counts as 1.</summary>
    public required double ExpectedRemainingRequests { get; init; }

    /// <summary>Requests started and not settled, at least 0: feedback comes that much later, so the step is taken that much smaller.</summary>
    public long InFlight { get; init; }

    /// <summary>How much of the window has passed, 0 to 1. Only <see cref="PlanPacer"/> reads it.</summary>
    public double WindowShare { get; init; }

    /// <summary>Mean measured quality of the requests, 0 to 1; null where nothing was measured. Only <see cref="FloorPacer"/> reads it.</summary>
    public double? MeanQuality { get; init; }

    internal void Require()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Requests, nameof(Requests));
        ArgumentOutOfRangeException.ThrowIfNegative(InFlight, nameof(InFlight));
        if (!double.IsFinite(SpendUsd) || SpendUsd < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(SpendUsd), SpendUsd, "the spend must be 0 or more dollars");
        }

        if (double.IsNaN(RemainingBudgetUsd) || double.IsNaN(ExpectedRemainingRequests))
        {
            throw new ArgumentOutOfRangeException(nameof(RemainingBudgetUsd), double.NaN, "the remaining budget and requests must be numbers");
        }

        if (WindowShare is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(WindowShare), WindowShare, "the share of the window that has passed is from 0 to 1");
        }

        if (MeanQuality is { } quality and not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(MeanQuality), quality, "a quality is from 0 to 1; leave it out when it was not measured");
        }
    }
}
