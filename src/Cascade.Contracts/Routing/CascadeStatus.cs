namespace Cascade.Contracts;

/// <summary>
/// How a request ended. Values are on the wire: append only. When several apply, the lowest value wins.
/// </summary>
[GenerateSerializer, Alias("cascade.routing.status")]
public enum CascadeStatus
{
    /// <summary>Never valid; what an unset field reads as.</summary>
    None = 0,

    /// <summary>An answer is there.</summary>
    Answered = 1,

    /// <summary>The request cannot be served as it is; the problem names the field and the repair.</summary>
    InvalidRequest = 2,

    /// <summary>The cluster knows no such account.</summary>
    UnknownAccount = 3,

    /// <summary>The cluster knows no such route or endpoint.</summary>
    UnknownModel = 4,

    /// <summary>The endpoint has no price and the account has a hard cap, so the cost cannot be bounded.</summary>
    UnpricedModel = 5,

    /// <summary>The account cannot pay for the cheapest way to answer. Final until the budget resets or is raised.</summary>
    InsufficientQuota = 6,

    /// <summary>The money is there but held elsewhere, or the account's state could not be reached in time. Transient.</summary>
    BudgetUnavailable = 7,

    /// <summary>No capacity came free in time. Transient.</summary>
    Overloaded = 8,

    /// <summary>Every endpoint that could have answered failed. Transient unless the last failure says otherwise.</summary>
    ProviderFailed = 9,

    /// <summary>An answer scored so low that the route's plan returns none rather than it.</summary>
    Abstained = 10,

    /// <summary>The caller went away.</summary>
    Cancelled = 11,

    /// <summary>The idempotency key was used for another request.</summary>
    IdempotencyKeyReused = 25,

    /// <summary>A request with the same idempotency key is still running. Transient.</summary>
    IdempotencyKeyBusy = 26,

    /// <summary>Whether the request was made before could not be found out, so nothing was run. Transient.</summary>
    IdempotencyUnavailable = 27,

    /// <summary>A part of the answer was delivered and the rest cannot be. Transient; a new answer is paid anew.</summary>
    StreamBroken = 35,

    /// <summary>What the account or the request allows leaves no endpoint that could answer; the problem names the filter and what it left out.</summary>
    NotAllowed = 45,

    /// <summary>The provider does not accept the key that the account brings. Final until that key is replaced.</summary>
    OwnKeyRejected = 46,

    /// <summary>The request's deadline passed and no answer that could be given was there. What was spent is booked; a new request is paid anew.</summary>
    DeadlinePassed = 47,
}

/// <summary>What a <see cref="CascadeStatus"/> means to a caller that might retry.</summary>
public static class CascadeStatusExtensions
{
    /// <summary>Whether the same request may succeed later with nothing changed by anybody.</summary>
    /// <param name="status">The status.</param>
    /// <returns>True when a retry makes sense.</returns>
    public static bool IsTransient(this CascadeStatus status) => status switch
    {
        CascadeStatus.BudgetUnavailable or CascadeStatus.Overloaded or CascadeStatus.ProviderFailed
            or CascadeStatus.IdempotencyKeyBusy or CascadeStatus.IdempotencyUnavailable or CascadeStatus.StreamBroken
            or CascadeStatus.DeadlinePassed => true,
        CascadeStatus.None or CascadeStatus.Answered or CascadeStatus.InvalidRequest or CascadeStatus.UnknownAccount
            or CascadeStatus.UnknownModel or CascadeStatus.UnpricedModel or CascadeStatus.InsufficientQuota
            or CascadeStatus.Abstained or CascadeStatus.Cancelled
            or CascadeStatus.IdempotencyKeyReused or CascadeStatus.NotAllowed or CascadeStatus.OwnKeyRejected => false,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown status"),
    };
}
