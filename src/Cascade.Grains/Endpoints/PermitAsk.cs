using Cascade.Contracts;
using Cascade.Providers.Calling;

namespace Cascade.Grains.Endpoints;

/// <summary>A call that wants to be started.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Tenant">The tenant it counts for: tenants share fairly, then the accounts of each.</param>
/// <param name="Weight">The tenant's weight, above 0.</param>
/// <param name="Tokens">Its tokens, as estimated from above.</param>
/// <param name="Priority">Its class.</param>
internal readonly record struct PermitAsk(AccountId Account, string Tenant, double Weight, long Tokens, RequestPriority Priority)
{
    public bool IsBatch => Priority == RequestPriority.Batch;
}

/// <summary>Why a call may not be started. When several apply, the lowest value wins.</summary>
internal enum PermitRefusal
{
    /// <summary>It may be started.</summary>
    None = 0,

    /// <summary>The endpoint is out of use because it fails.</summary>
    CircuitOpen = 1,

    /// <summary>The provider has asked us to stay away for longer than the call may wait.</summary>
    Paused = 2,

    /// <summary>Too many wait already.</summary>
    QueueFull = 3,

    /// <summary>Those who wait already take longer than the call may wait.</summary>
    TooLate = 4,

    /// <summary>It waited as long as it may.</summary>
    TimedOut = 5,
}

/// <summary>The answer to a <see cref="PermitAsk"/>.</summary>
/// <param name="Permit">The permit, when there is no refusal.</param>
/// <param name="Refusal">Why not.</param>
/// <param name="RetryAfter">When to come back, on a refusal.</param>
internal readonly record struct Admission(Permit Permit, PermitRefusal Refusal, TimeSpan RetryAfter);

/// <summary>What a call came to, as far as its endpoint's health and use are concerned.</summary>
internal enum CallEffect
{
    /// <summary>It says nothing of the provider: nobody waited for it to end, or it was never sent.</summary>
    Neutral = 0,

    /// <summary>The provider handled it.</summary>
    Answered = 1,

    /// <summary>The provider, or the way to it, failed.</summary>
    Failed = 2,

    /// <summary>The provider turned it away for its rate.</summary>
    Throttled = 3,
}

/// <summary>How a call ended.</summary>
/// <param name="Effect">What it says of the provider.</param>
/// <param name="HasFailed">Whether the accounts count it as failed.</param>
/// <param name="Tokens">What it used; nothing known keeps the estimate.</param>
/// <param name="CostNanos">What it cost, in nano-dollars.</param>
/// <param name="RetryAfter">When the provider says to come back; null when it did not say.</param>
/// <param name="Limits">What the provider says of its limits; null when it says nothing.</param>
internal readonly record struct CallReport(
    CallEffect Effect, bool HasFailed, TokenUsage Tokens, long CostNanos, TimeSpan? RetryAfter, ProviderLimits? Limits = null);
