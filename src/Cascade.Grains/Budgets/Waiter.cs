namespace Cascade.Grains.Budgets;

/// <summary>A request that waits for money.</summary>
internal sealed class Waiter(string attemptId, long upperNanos, long floorNanos, long deadline)
    : TaskCompletionSource<PurseReply>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string AttemptId => attemptId;

    /// <summary>What the call can cost at most, in nano-dollars.</summary>
    public long UpperNanos { get; } = upperNanos;

    /// <summary>The least that is of use, in nano-dollars.</summary>
    public long FloorNanos => floorNanos;

    /// <summary>The timestamp at which it stops waiting.</summary>
    public long Deadline => deadline;

    /// <summary>Its time is up and the grain is asked once more, for the floor.</summary>
    public bool LastCall { get; set; }

    /// <summary>What is being asked for: the upper bound, or what the account has left once that is known to be less.</summary>
    public long TargetNanos { get; set; } = upperNanos;
}
