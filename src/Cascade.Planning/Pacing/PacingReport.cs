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
}
