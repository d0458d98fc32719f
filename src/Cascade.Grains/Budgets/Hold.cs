using Cascade.Contracts;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>Money set aside for one provider call, in every budget that pays for it. Thread-safe.</summary>
internal sealed class Hold(AccountId account, string attemptId, long nanos, bool clamped, LeaseSession[] sessions)
{
    private Task<IntentWrite>?[]? _intents;
    private ulong _covered;

    public AccountId Account => account;

    public string AttemptId => attemptId;

    /// <summary>The most the call may cost, in nano-dollars.</summary>
    public long Nanos => nanos;

    /// <summary>Whether less was set aside than was asked for.</summary>
    public bool Clamped => clamped;

    /// <summary>The leases that pay, one per budget from the leaf to the root; empty for a call that costs nothing.</summary>
    public ReadOnlySpan<LeaseSession> Sessions => sessions;

    /// <summary>Says that a lease's exposure covers the call while its intent is on its way there.</summary>
    public void Cover(int level) => Interlocked.Or(ref _covered, 1UL << level);

    /// <summary>Takes what <see cref="Cover"/> said back. True for the one who has to give the exposure back or to use it further.</summary>
    public bool TryUncover(int level) => (Interlocked.And(ref _covered, ~(1UL << level)) & (1UL << level)) != 0;

    /// <summary>Keeps how the write of a covered intent ends.</summary>
    public void Keep(int level, Task<IntentWrite> intent) => (_intents ??= new Task<IntentWrite>?[sessions.Length])[level] = intent;

    /// <summary>How the write of an intent ended that was still under way when the call started; null when it was durable by then.</summary>
    public Task<IntentWrite>? IntentOf(int level) => _intents?[level];
}

/// <summary>How the write of an intent ended; its outcome is unknown after a fault.</summary>
internal readonly record struct IntentWrite(AppendStatus Status, Exception? Fault);

/// <summary>Whether a reservation was made.</summary>
internal enum ReserveOutcome
{
    None = 0,

    /// <summary>The money is set aside, perhaps less than was asked for.</summary>
    Reserved = 1,

    /// <summary>A budget cannot pay, whatever comes back.</summary>
    CapReached = 2,

    /// <summary>The money is held elsewhere or a budget could not be reached in time.</summary>
    Unavailable = 3,

    /// <summary>The cluster knows no such account.</summary>
    UnknownAccount = 4,
}

/// <summary>The result of asking for a reservation.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Hold">The money set aside, when there is any.</param>
/// <param name="Refusal">The state of the budget whose cap refused.</param>
internal readonly record struct ReserveResult(ReserveOutcome Outcome, Hold? Hold, BudgetRefusal? Refusal)
{
    public static ReserveResult Of(Hold hold) => new(ReserveOutcome.Reserved, hold, null);

    public static ReserveResult Refused(ReserveOutcome outcome, BudgetRefusal? refusal = null) => new(outcome, null, refusal);
}

/// <summary>What one budget says to a wish for money.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Session">The lease that pays; null when none does.</param>
/// <param name="Nanos">What is set aside under it, in nano-dollars.</param>
/// <param name="Refusal">The budget's state, when its cap refused.</param>
internal readonly record struct PurseReply(ReserveOutcome Outcome, LeaseSession? Session, long Nanos, BudgetRefusal? Refusal)
{
    public static PurseReply Of(LeaseSession session, long nanos) => new(ReserveOutcome.Reserved, session, nanos, null);

    public static PurseReply Refused(ReserveOutcome outcome, BudgetRefusal? refusal = null) => new(outcome, null, 0, refusal);
}
