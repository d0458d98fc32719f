using Cascade.Contracts;

namespace Cascade.Grains.Budgets;

/// <summary>Money set aside for one provider call.</summary>
internal sealed class Hold(AccountId account, string attemptId, long nanos, bool clamped, LeaseSession? session)
{
    public AccountId Account => account;

    public string AttemptId => attemptId;

    /// <summary>The most the call may cost, in nano-dollars.</summary>
    public long Nanos => nanos;

    /// <summary>Whether less was set aside than was asked for.</summary>
    public bool Clamped => clamped;

    /// <summary>The lease that pays; null for a call that costs nothing.</summary>
    public LeaseSession? Session => session;
}

/// <summary>Whether a reservation was made.</summary>
internal enum ReserveOutcome
{
    None = 0,

    /// <summary>The money is set aside, perhaps less than was asked for.</summary>
    Reserved = 1,

    /// <summary>The account cannot pay, whatever comes back.</summary>
    CapReached = 2,

    /// <summary>The money is held elsewhere or the account could not be reached in time.</summary>
    Unavailable = 3,

    /// <summary>The cluster knows no such account.</summary>
    UnknownAccount = 4,
}

/// <summary>The result of asking for a reservation.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Hold">The money set aside, when there is any.</param>
/// <param name="Refusal">The account's state, when the cap refused.</param>
internal readonly record struct ReserveResult(ReserveOutcome Outcome, Hold? Hold, BudgetRefusal? Refusal)
{
    public static ReserveResult Of(Hold hold) => new(ReserveOutcome.Reserved, hold, null);

    public static ReserveResult Refused(ReserveOutcome outcome, BudgetRefusal? refusal = null) => new(outcome, null, refusal);
}
